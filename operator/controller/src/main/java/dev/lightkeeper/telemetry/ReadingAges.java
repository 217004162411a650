package dev.lightkeeper.telemetry;

import dev.lightkeeper.observe.Readings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How old the oldest of each kind of readings is, among those that are still wanted. */
final class ReadingAges implements Readings {
    /** A Stalled resource is looked at every ten minutes only. */
    private static final Duration STILL_WANTED = Duration.ofMinutes(20);

    private final InstantSource clock;
    private final Map<Reading, Age> ages = new ConcurrentHashMap<>();

    ReadingAges(InstantSource clock) {
        this.clock = clock;
    }

    private record Reading(Kind kind, Object of) {}

    /**
     * The age of one reading.
     *
     * @param since when it was made last; first wanted, before that
     */
    private record Age(Instant since, Instant wanted) {}

    @Override
    public void wanted(Kind kind, Object of) {
        Instant now = clock.instant();
        var _ = ages.merge(
                new Reading(kind, of),
                new Age(now, now),
                (before, _) -> isWanted(before, now) ? new Age(before.since(), now) : new Age(now, now));
    }

    @Override
    public void made(Kind kind, Object of) {
        Instant now = clock.instant();
        var _ = ages.put(new Reading(kind, of), new Age(now, now));
    }

    /** In seconds; 0 when nothing is wanted. */
    double oldest(Kind kind) {
        Instant now = clock.instant();
        ages.values().removeIf(age -> !isWanted(age, now));
        return ages.entrySet().stream()
                        .filter(entry -> entry.getKey().kind() == kind)
                        .mapToDouble(entry ->
                                Duration.between(entry.getValue().since(), now).toMillis())
                        .max()
                        .orElse(0)
                / 1000;
    }

    private static boolean isWanted(Age age, Instant now) {
        return now.isBefore(age.wanted().plus(STILL_WANTED));
    }
}
