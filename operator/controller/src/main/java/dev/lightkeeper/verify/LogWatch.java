package dev.lightkeeper.verify;

import com.google.re2j.Pattern;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.verify.LogSource.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What this process has read of the log of one version, for one set of patterns. */
final class LogWatch {
    /** The pattern of AWS's own line about a node that begins. */
    static final String STARTED = "started";

    private static final String SYSTEM = "[deployment:";

    private final Map<String, Pattern> patterns;
    private final Pattern started;
    private final Instant since;
    private final Duration lag;
    private final Map<String, Instant> cursors = new HashMap<>();
    private final LogJournal journal = new LogJournal();
    private final Instant created;
    private @Nullable Instant lastTry;
    private @Nullable Instant lastRead;
    private @Nullable Failure failure;

    /**
     * A watch that has read nothing.
     *
     * @param patterns RE2 by a key of the caller's own
     * @param since by AWS's clock, where the first reading begins
     */
    LogWatch(long version, Map<String, Pattern> patterns, Instant since, Duration lag, Instant created) {
        this.patterns = Map.copyOf(patterns);
        this.started =
                Pattern.compile("(?i)^\\[deployment:%d\\].*\\bstarted (\\d{1,2}) new nodes?\\b".formatted(version));
        this.since = since;
        this.lag = lag;
        this.created = created;
    }

    /** Reads on, unless others have to go first. */
    void read(LogSource source, DesiredState desired, Instant createdAt, Instant now) {
        boolean complete = true;
        for (var container : desired.spec().containers()) {
            String name = container.name();
            switch (source.read(desired, name, cursors.getOrDefault(name, since))) {
                case Reading.NotNow _ -> {
                    return;
                }
                case Reading.Unreadable(Failure why) -> {
                    lastTry = now;
                    failure = why;
                    return;
                }
                case Reading.Lines reading -> {
                    take(name, reading, createdAt, now);
                    complete &= reading.complete();
                }
            }
        }
        lastTry = now;
        failure = null;
        // Of what is not read to its end nothing can be said to be missing.
        if (complete) {
            lastRead = now;
        }
    }

    private void take(String container, Reading.Lines reading, Instant createdAt, Instant now) {
        List<Instant> starts = new ArrayList<>();
        Map<String, List<Instant>> matches = new HashMap<>();
        for (LogLine line : reading.lines()) {
            if (line.text().startsWith(SYSTEM)) {
                var start = started.matcher(line.text());
                int nodes = start.find() ? Integer.parseInt(start.group(1)) : 0;
                for (int i = 0; i < nodes; i++) {
                    starts.add(line.at());
                }
            } else if (!line.at().isBefore(createdAt)) {
                journal.line(line.at(), now, line.text());
            }
            patterns.forEach((key, pattern) -> {
                if (pattern.matcher(line.text()).find()) {
                    matches.computeIfAbsent(key, first -> new ArrayList<>()).add(line.at());
                    journal.keep(key, line.text());
                }
            });
        }
        journal.add(container, STARTED, starts, now);
        matches.forEach((key, at) -> journal.add(container, key, at, now));
        if (!reading.lines().isEmpty()) {
            Instant newest = reading.lines().getLast().at();
            Instant next = reading.complete() ? newest.minus(lag) : newest;
            cursors.merge(container, next, (before, after) -> after.isAfter(before) ? after : before);
        }
    }

    LogJournal journal() {
        return journal;
    }

    /** When it was last tried to read, null before. */
    @Nullable
    Instant lastTry() {
        return lastTry;
    }

    /** When all that AWS had was last read, null before. */
    @Nullable
    Instant lastRead() {
        return lastRead;
    }

    /** Why the log is unreadable for so long that nothing is known any more; null while it is not. */
    @Nullable
    Failure unreadable(Duration patience, Instant now) {
        Instant known = lastRead == null ? created : lastRead;
        return failure instanceof Failure.Denied || !now.isBefore(known.plus(patience)) ? failure : null;
    }
}
