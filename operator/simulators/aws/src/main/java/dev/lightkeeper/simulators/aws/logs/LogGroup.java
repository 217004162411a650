package dev.lightkeeper.simulators.aws.logs;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A log group with its streams. Guarded by the lock of {@link LogsSimulation}. */
final class LogGroup {
    final String name;
    final String arn;
    final Instant createdAt;
    final NavigableMap<String, Stream> streams = new TreeMap<>();
    /** Null for ever. */
    @Nullable
    Integer retentionDays;

    /** FilterLogEvents begins with a page that has a token and no events. */
    boolean emptyFirstPage;

    /** A stream; its events in the order of their timestamps. */
    static final class Stream {
        final String name;
        final Instant createdAt;
        final List<LogEvent> events = new ArrayList<>();

        Stream(String name, Instant createdAt) {
            this.name = name;
            this.createdAt = createdAt;
        }
    }

    LogGroup(String name, String arn, Instant createdAt) {
        this.name = name;
        this.arn = arn;
        this.createdAt = createdAt;
    }

    void add(LogEvent event, Instant now) {
        Stream stream = streams.computeIfAbsent(event.stream(), missing -> new Stream(missing, now));
        int at = stream.events.size();
        while (at > 0 && stream.events.get(at - 1).compareTo(event) > 0) {
            at--;
        }
        stream.events.add(at, event);
    }

    List<LogEvent> readable(Stream stream, Instant at) {
        return stream.events.stream()
                .filter(event -> event.isReadable(at, retentionDays))
                .toList();
    }
}
