package dev.lightkeeper.verify;

import java.time.Duration;
import java.time.Instant;

/**
 * When a check is tried next. The first tries of a rollout follow each other faster, until one passes; after them, and
 * in steady state, one is made each period.
 *
 * @param retries how many tries after the first one are paced by the back-off; 0 in steady state
 */
public record ProbePace(Duration period, int retries, Duration initial, int factor, Duration max) {
    /** The pace of a check outside of a rollout. */
    public static ProbePace steady(Duration period) {
        return new ProbePace(period, 0, Duration.ZERO, 1, Duration.ZERO);
    }

    /**
     * The time of the next try.
     *
     * @param tries made since the anchor (the first moment at which a try says something about the version), the one
     *     at {@code last} included
     * @param passed whether the one at {@code last} passed
     */
    public Instant next(Instant last, int tries, boolean passed) {
        return last.plus(passed || tries > retries ? period : pause(tries));
    }

    private Duration pause(int tries) {
        Duration pause = initial;
        // A retry count is at most 50: cheap even where a factor of 1 never reaches the longest pause.
        for (int i = 1; i < tries && pause.compareTo(max) < 0; i++) {
            pause = pause.multipliedBy(factor);
        }
        return pause.compareTo(max) < 0 ? pause : max;
    }
}
