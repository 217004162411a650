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
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What this process has read of the log of one version, for one set of patterns. */
final class LogWatch {
    /** The pattern of AWS's own line about a node that begins. */
    static final String STARTED = "started";

    private static final String SYSTEM = "[deployment:";

    private final Map<String, Pattern> patterns;
    private final @Nullable Pattern started;
    private final Instant since;
    private final Duration lag;
    private final Map<String, Instant> cursors = new HashMap<>();
    private final Map<String, LogSource.Start> starts = new HashMap<>();
    private final Map<String, Instant> cuts = new HashMap<>();
    private final Map<String, Reading> taken = new HashMap<>();
    private final LogJournal journal = new LogJournal();
    private final Instant created;
    private @Nullable Instant lastTry;
    private @Nullable Instant lastRead;
    private @Nullable Failure failure;
    private boolean missing;

    /**
     * A watch that has read nothing.
     *
     * @param patterns RE2 by a key of the caller's own
     * @param version of AWS, which writes about its nodes; null where nobody does
     * @param since by the clock of the lines, where the first reading begins
     */
    LogWatch(Map<String, Pattern> patterns, @Nullable Long version, Instant since, Duration lag, Instant created) {
        this.patterns = Map.copyOf(patterns);
        this.started = version == null
                ? null
                : Pattern.compile("(?i)^\\[deployment:%d\\].*\\bstarted (\\d{1,2}) new nodes?\\b".formatted(version));
        this.since = since;
        this.lag = lag;
        this.created = created;
    }

    /** Reads on, unless others have to go first; a round is over when every place has answered. */
    void read(LogSource source, DesiredState desired, LogScene scene, boolean soon, Instant now) {
        taken.keySet().retainAll(scene.places());
        SortedMap<String, Instant> wanted = new TreeMap<>();
        scene.places().stream()
                .filter(place -> !taken.containsKey(place))
                .forEach(place -> wanted.put(place, cursors.getOrDefault(place, since)));
        if (!wanted.isEmpty()) {
            source.read(desired, new LogSource.Wanted(wanted, soon)).forEach((place, reading) -> {
                if (reading instanceof Reading.Lines lines) {
                    take(place, lines, scene, now);
                }
                if (!(reading instanceof Reading.NotNow)) {
                    taken.put(place, reading);
                }
            });
        }
        if (taken.size() == scene.places().size()) {
            conclude(now);
            taken.clear();
        }
    }

    private void conclude(Instant now) {
        lastTry = now;
        failure = null;
        missing = false;
        Instant readAt = now;
        boolean complete = true;
        for (Reading reading : taken.values()) {
            switch (reading) {
                case Reading.Missing(Failure why) -> {
                    failure = why;
                    missing = true;
                }
                case Reading.Unreadable(Failure why) -> failure = missing ? failure : why;
                case Reading.Lines lines -> {
                    complete &= lines.complete();
                    Instant asked = lines.host() == null ? now : lines.host().askedAt();
                    readAt = asked.isBefore(readAt) ? asked : readAt;
                }
                case Reading.NotNow _ -> {}
            }
        }
        // Of what is not read to its end nothing can be said to be missing.
        if (failure == null && complete) {
            lastRead = readAt;
        }
    }

    private void take(String place, Reading.Lines reading, LogScene scene, Instant now) {
        Instant from = scene.createdAt();
        if (reading.host() != null) {
            note(place, reading.host(), now);
            LogSource.Start start = starts.get(place);
            from = start == null ? Instant.EPOCH : start.at();
        }
        List<Instant> nodes = new ArrayList<>();
        Map<String, List<Instant>> matches = new HashMap<>();
        for (LogLine line : reading.lines()) {
            if (started != null && line.text().startsWith(SYSTEM)) {
                var start = started.matcher(line.text());
                int begun = start.find() ? Integer.parseInt(start.group(1)) : 0;
                for (int i = 0; i < begun; i++) {
                    nodes.add(line.at());
                }
            } else if (!line.at().isBefore(from)) {
                journal.line(place, line.at(), now, line.text());
            }
            patterns.forEach((key, pattern) -> {
                if (pattern.matcher(line.text()).find()) {
                    matches.computeIfAbsent(key, first -> new ArrayList<>()).add(line.at());
                    journal.keep(key, line.text());
                }
            });
        }
        journal.add(place, STARTED, nodes, now);
        matches.forEach((key, at) -> journal.add(place, key, at, now));
        if (!reading.lines().isEmpty()) {
            Instant told = reading.lines().getLast().at();
            // A clock that is ahead, of one host of many or before it was set right, must not hide what others write.
            Instant newest = told.isAfter(now) ? now : told;
            Instant next = reading.complete() ? newest.minus(lag) : newest;
            cursors.merge(place, next, (before, after) -> after.isAfter(before) ? after : before);
        }
    }

    /** A start keeps the time at which it was first told of: later answers know it less well. */
    private void note(String place, LogSource.OfHost host, Instant now) {
        LogSource.Start start = host.started();
        LogSource.Start known = starts.get(place);
        if (start != null && (known == null || !known.at().equals(start.at()))) {
            starts.put(place, start);
        }
        if (host.cut()) {
            cuts.put(place, now);
        }
    }

    /** Where the first reading began. */
    Instant since() {
        return since;
    }

    LogJournal journal() {
        return journal;
    }

    /** When what runs at a place was started, as its host told; null where none did. */
    LogSource.@Nullable Start start(String place) {
        return starts.get(place);
    }

    /** Whether lines of a place were lost since then. */
    boolean isCutSince(String place, Instant time) {
        return Objects.requireNonNullElse(cuts.get(place), Instant.MIN).isAfter(time);
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

    /** Whether there is no such log, or none that may be read. */
    boolean isMissing() {
        return missing;
    }

    /** Why the log is unreadable for so long that nothing is known any more; null while it is not. */
    @Nullable
    Failure unreadable(Duration patience, Instant now) {
        Instant known = lastRead == null ? created : lastRead;
        return failure instanceof Failure.Denied || missing || !now.isBefore(known.plus(patience)) ? failure : null;
    }
}
