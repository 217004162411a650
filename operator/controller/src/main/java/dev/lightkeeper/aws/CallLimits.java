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
 * @param patience how long a run waits for a place among those, or for an answer that another run has asked for
 */
public record CallLimits(
        Duration connect, Duration attempt, Duration call, int readAttempts, int concurrent, Duration patience) {
    /** The limits for real AWS. */
    public static CallLimits standard() {
        return new CallLimits(
                Duration.ofSeconds(2), Duration.ofSeconds(10), Duration.ofSeconds(20), 3, 8, Duration.ofSeconds(3));
    }
}
