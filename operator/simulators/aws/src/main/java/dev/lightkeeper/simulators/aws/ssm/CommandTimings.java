package dev.lightkeeper.simulators.aws.ssm;

import java.time.Duration;

/**
 * How long commands take besides their scripts, in simulated time. AWS publishes none of these.
 *
 * @param visibility until reads find a command that was sent
 * @param delivery until an agent that answers gets it
 * @param retry between two attempts to deliver it to an agent that does not answer
 * @param retention how long a command is remembered
 */
public record CommandTimings(Duration visibility, Duration delivery, Duration retry, Duration retention) {
    /** {@return the defaults: a command is found after one second and delivered after two} */
    public static CommandTimings defaults() {
        return new CommandTimings(
                Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofDays(30));
    }

    /**
     * {@return the same with another delay of reads}
     *
     * @param delay until reads find a command; zero for at once
     */
    public CommandTimings withVisibility(Duration delay) {
        return new CommandTimings(delay, delivery, retry, retention);
    }

    /**
     * {@return the same with another delay of deliveries}
     *
     * @param delay until an agent that answers gets a command
     */
    public CommandTimings withDelivery(Duration delay) {
        return new CommandTimings(visibility, delay, retry, retention);
    }
}
