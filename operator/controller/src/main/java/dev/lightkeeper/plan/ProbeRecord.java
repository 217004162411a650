package dev.lightkeeper.plan;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What this process saw of a resource's checks; lost with the process.
 *
 * @param since when the first try of the checks as they are now was made, null before it
 * @param misses the times of the last misses since then, in any order
 */
public record ProbeRecord(@Nullable Instant since, List<Instant> misses) {
    /** Nothing was seen. */
    public static final ProbeRecord NONE = new ProbeRecord(null, List.of());

    public ProbeRecord {
        misses = List.copyOf(misses);
    }

    /** Whether it is known that no check missed between the two times. */
    public boolean isQuiet(Instant from, Instant to) {
        return since != null
                && !since.isAfter(from)
                && misses.stream().noneMatch(miss -> !miss.isBefore(from) && !miss.isAfter(to));
    }
}
