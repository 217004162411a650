package dev.lightkeeper.simulators.aws.logs;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A line.
 *
 * @param stream that it is in
 * @param timestamp when it was written
 * @param number in the order of arrival, from 1
 * @param ingestedAt since when reads find it
 * @param message text
 */
record LogEvent(String stream, Instant timestamp, long number, Instant ingestedAt, String message)
        implements Comparable<LogEvent> {
    private static final Comparator<LogEvent> ORDER =
            Comparator.comparing(LogEvent::timestamp).thenComparingLong(LogEvent::number);

    @Override
    public int compareTo(LogEvent other) {
        return ORDER.compare(this, other);
    }

    /** Whether reads find it at a time. */
    boolean isReadable(Instant at, @Nullable Integer retentionDays) {
        return !ingestedAt.isAfter(at)
                && (retentionDays == null || timestamp.isAfter(at.minus(Duration.ofDays(retentionDays))));
    }

    @Override
    public String toString() {
        return "LogEvent[" + stream + ", " + timestamp + "]";
    }
}
