package dev.lightkeeper.aws;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** A token bucket: so many calls at once, then so many in a second. Safe for use by many threads. */
final class RateLimit {
    private final Duration interval;
    private final Duration capacity;
    private final InstantSource clock;
    private Instant full = Instant.MIN;

    /** A full bucket. */
    RateLimit(double perSecond, int burst, InstantSource clock) {
        this.interval = Duration.ofNanos(Math.round(1e9 / perSecond));
        this.capacity = interval.multipliedBy(burst);
        this.clock = clock;
    }

    /**
     * Takes a token that is there or will be soon.
     *
     * @return how long to wait for it, zero or less where it is there; null, and none is taken, where that is longer than
     *     {@code patience}
     */
    synchronized @Nullable Duration take(Duration patience) {
        Instant now = clock.instant();
        Instant taken = (full.isAfter(now) ? full : now).plus(interval);
        Duration wait = Duration.between(now, taken).minus(capacity);
        if (wait.compareTo(patience) > 0) {
            return null;
        }
        full = taken;
        return wait;
    }
}
