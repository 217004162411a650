package dev.lightkeeper.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * When to run again. Jitter spreads resources that were created together: a look comes up to a tenth of its distance
 * earlier or later, a probe only earlier, since its period is what a manifest promises.
 */
public final class Schedule {
    private static final double JITTER = 0.1;
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofHours(1);

    private final RandomGenerator random;

    /** Draws jitter from {@code random}. */
    public Schedule(RandomGenerator random) {
        this.random = random;
    }

    /**
     * The next run.
     *
     * @param nextLook when AWS has to be looked at again
     * @param nextProbe when the next probe is due, null when none will be. Whoever decides whether a probe is due has to
     *     take one that is due within a tenth of its period as due
     */
    public Instant next(Instant now, Instant nextLook, @Nullable Instant nextProbe) {
        Instant look = now.plus(scaled(Duration.between(now, nextLook), 1 - JITTER + 2 * JITTER * random.nextDouble()));
        if (nextProbe == null) {
            return look;
        }
        Instant probe = now.plus(scaled(Duration.between(now, nextProbe), 1 - JITTER * random.nextDouble()));
        return probe.isBefore(look) ? probe : look;
    }

    /** How long to wait for {@code due}: never zero, so that a resource cannot keep a processor busy, and never for ever. */
    public static Duration delay(Instant now, Instant due) {
        Duration delay = Duration.between(now, due);
        if (delay.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        return delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
    }

    private static Duration scaled(Duration duration, double factor) {
        if (duration.isNegative()) {
            return Duration.ZERO;
        }
        return Duration.ofMillis(Math.round(duration.toMillis() * factor));
    }
}
