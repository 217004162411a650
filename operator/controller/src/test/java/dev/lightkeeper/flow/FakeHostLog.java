package dev.lightkeeper.flow;

import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.verify.LogLine;
import dev.lightkeeper.verify.LogSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** The logs of hosts as the host script tells them: what is asked for in one run is answered in a later one. */
final class FakeHostLog implements LogSource {
    private static final Duration TAKES = Duration.ofSeconds(4);

    private record Asked(Instant at, Instant since) {}

    private final InstantSource clock;
    private final Map<String, List<LogLine>> lines = new HashMap<>();
    private final Map<String, Instant> activated = new HashMap<>();
    private final Map<String, Duration> ahead = new HashMap<>();
    private final Map<String, Reading> instead = new HashMap<>();
    private final Map<String, Asked> asked = new TreeMap<>();
    private final Set<String> cut = new HashSet<>();
    private final List<Instant> commands = new ArrayList<>();
    private BiFunction<String, List<String>, List<String>> whenActivated = (host, images) -> List.of();

    FakeHostLog(InstantSource clock) {
        this.clock = clock;
    }

    /** What a host writes five seconds after a release was started there, by host and images. */
    void startsWith(BiFunction<String, List<String>, List<String>> texts) {
        whenActivated = texts;
    }

    /** What each host writes then. */
    void startsWith(String... texts) {
        whenActivated = (host, images) -> List.of(texts);
    }

    /** The clock of a host is so much ahead. */
    void clockAhead(String host, Duration by) {
        ahead.put(host, by);
    }

    /** A host answers with that from now on; null: with its log. */
    void answers(String host, Reading reading) {
        instead.put(host, reading);
    }

    /** A host leaves lines out. */
    void cuts(String host) {
        cut.add(host);
    }

    void activated(FakeHost host) {
        Instant now = there(host.id, clock.instant());
        activated.put(host.id, now);
        whenActivated
                .apply(host.id, List.copyOf(host.running.values()))
                .forEach(text -> of(host.id).add(new LogLine(now.plusSeconds(5), text)));
    }

    /** The application writes now. */
    void write(String host, String text) {
        of(host).add(new LogLine(there(host, clock.instant()), text));
    }

    /** When hosts were asked, once for each command. */
    List<Instant> commands() {
        return commands;
    }

    private List<LogLine> of(String host) {
        return lines.computeIfAbsent(host, id -> new ArrayList<>());
    }

    private Instant there(String host, Instant time) {
        return time.plus(ahead.getOrDefault(host, Duration.ZERO));
    }

    @Override
    public Map<String, Reading> read(DesiredState desired, Wanted wanted) {
        Instant now = clock.instant();
        Map<String, Reading> made = new HashMap<>();
        boolean asks = false;
        for (Map.Entry<String, Instant> one : wanted.since().entrySet()) {
            Asked before = asked.get(one.getKey());
            if (before == null) {
                asked.put(one.getKey(), new Asked(now, one.getValue()));
                asks = true;
            } else if (!now.isBefore(before.at().plus(TAKES))) {
                asked.remove(one.getKey());
                made.put(one.getKey(), answer(one.getKey(), before, now));
            }
        }
        if (asks) {
            commands.add(now);
        }
        return made;
    }

    private Reading answer(String host, Asked before, Instant now) {
        if (instead.get(host) != null) {
            return instead.get(host);
        }
        Instant then = there(host, before.at());
        Instant start = activated.get(host);
        return new Reading.Lines(
                of(host).stream()
                        .filter(line -> !line.at().isBefore(before.since())
                                && !line.at().isAfter(then))
                        .sorted(Comparator.comparing(LogLine::at))
                        .toList(),
                true,
                new OfHost(
                        before.at(),
                        start == null ? null : new Start(start, now.minus(Duration.between(start, then))),
                        cut.contains(host)));
    }
}
