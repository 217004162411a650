package dev.lightkeeper.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * How long to wait for the next run. Jitter spreads resources that were created together, or that one cause has hit: what
 * was to come in a while comes up to a tenth of that later, never earlier, since at an earlier time nothing would be due.
 */
public final class Schedule {
    /** A run that failed is made again after so long at the latest. */
    public static final Duration LONGEST_RETRY = Duration.ofSeconds(60);

    private static final double JITTER = 0.1;
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofHours(1);

    private final RandomGenerator random;

    /** Draws jitter from {@code random}. */
    public Schedule(RandomGenerator random) {
        this.random = random;
    }

    /** The delay: never zero, so that a resource cannot keep a processor busy, and never for ever. */
    public Duration delay(Instant now, Instant due) {
        Duration delay = Duration.between(now, due);
        if (delay.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        Duration bounded = delay.compareTo(LONGEST) < 0 ? delay : LONGEST;
        return bounded.plusMillis(Math.round(bounded.toMillis() * JITTER * random.nextDouble()));
    }
}
