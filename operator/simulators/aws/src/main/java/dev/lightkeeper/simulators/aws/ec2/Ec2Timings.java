package dev.lightkeeper.simulators.aws.ec2;

import java.time.Duration;

/**
 * How long things take, in simulated time. AWS publishes none of these; the defaults have the order of magnitude that
 * users report.
 *
 * @param visibility until reads show what a request has changed
 * @param pending from PENDING to RUNNING
 * @param stopping from STOPPING to STOPPED
 * @param shuttingDown from SHUTTING_DOWN to TERMINATED
 * @param shownTerminated how long a terminated instance is still described
 * @param statusChecks from RUNNING until the status checks are {@code ok}
 * @param agentRegistration from the first RUNNING until the agent is registered with SSM
 * @param agentStart from a later RUNNING until the agent answers again
 * @param pingTimeout from an agent's last sign of life until it counts as ConnectionLost
 */
public record Ec2Timings(
        Duration visibility,
        Duration pending,
        Duration stopping,
        Duration shuttingDown,
        Duration shownTerminated,
        Duration statusChecks,
        Duration agentRegistration,
        Duration agentStart,
        Duration pingTimeout) {

    /** {@return the defaults: an instance runs after 20 s, its agent registers 60 s later} */
    public static Ec2Timings defaults() {
        return new Ec2Timings(
                Duration.ofSeconds(3),
                Duration.ofSeconds(20),
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                Duration.ofHours(1),
                Duration.ofMinutes(2),
                Duration.ofSeconds(60),
                Duration.ofSeconds(15),
                Duration.ofMinutes(5));
    }

    /**
     * {@return the same with another delay of reads}
     *
     * @param delay until reads show what a request has changed; zero for at once
     */
    public Ec2Timings withVisibility(Duration delay) {
        return new Ec2Timings(
                delay,
                pending,
                stopping,
                shuttingDown,
                shownTerminated,
                statusChecks,
                agentRegistration,
                agentStart,
                pingTimeout);
    }

    /**
     * {@return the same with other times of an agent}
     *
     * @param registration from the first RUNNING until it is registered
     * @param start from a later RUNNING until it answers
     * @param timeout from its last sign of life until it counts as ConnectionLost
     */
    public Ec2Timings withAgent(Duration registration, Duration start, Duration timeout) {
        return new Ec2Timings(
                visibility,
                pending,
                stopping,
                shuttingDown,
                shownTerminated,
                statusChecks,
                registration,
                start,
                timeout);
    }
}
