package dev.lightkeeper.aws;

import java.time.Duration;

/**
 * How long and how often AWS is asked.
 *
 * @param connect until a connection stands
 * @param attempt one try of a call
 * @param call all tries of a call together
 * @param readAttempts tries of a call that only reads; one that changes something has exactly one
 * @param concurrent calls at the same time for one account
 * @param perSecond calls of Lightsail in a second for one account; AWS publishes no rate for it, so this is a cautious guess;
 *     parameters, and hosts with their commands, have multiples of it that are theirs alone
 * @param burst calls at once before that rate holds
 * @param patience how long a run waits for its turn, or for an answer that another run has asked for
 */
public record CallLimits(
        Duration connect,
        Duration attempt,
        Duration call,
        int readAttempts,
        int concurrent,
        double perSecond,
        int burst,
        Duration patience) {
    /** The limits for real AWS. */
    public static CallLimits standard() {
        return new CallLimits(
                Duration.ofSeconds(2),
                Duration.ofSeconds(10),
                Duration.ofSeconds(20),
                3,
                8,
                5,
                10,
                Duration.ofSeconds(3));
    }

    /** The same for an AWS whose time runs {@code speed} times faster. */
    public CallLimits faster(double speed) {
        return new CallLimits(connect, attempt, call, readAttempts, concurrent, perSecond * speed, burst, patience);
    }
}
