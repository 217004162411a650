package dev.lightkeeper.flow;

import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.verify.LogLine;
import dev.lightkeeper.verify.LogSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The log of the service: lines arrive late, and AWS writes its own among them. */
final class FakeLog implements LogSource {
    private static final Duration NODE_START = Duration.ofSeconds(30);

    private final InstantSource clock;
    private final List<LogLine> lines = new ArrayList<>();
    private final List<Instant> reads = new ArrayList<>();
    private Function<List<String>, List<String>> whenNodesStart = images -> List.of();
    private Duration ingestion = Duration.ofSeconds(30);
    private Duration ahead = Duration.ZERO;
    private List<String> images = List.of();
    private int silentNodes;
    private boolean tellsNodes = true;
    private boolean busy;
    private Failure failure;
    private Failure missing;

    FakeLog(InstantSource clock) {
        this.clock = clock;
    }

    /** What each node writes five seconds after it has started, from the next deployment on. */
    void startsWith(String... texts) {
        startsWith(deployed -> List.of(texts));
    }

    /** The same, by the images that were deployed. */
    void startsWith(Function<List<String>, List<String>> texts) {
        whenNodesStart = texts;
    }

    /** So long after it was written a line can be read. */
    void arrivesAfter(Duration time) {
        ingestion = time;
    }

    /** The clock that lines are dated by is so much ahead. */
    void clockAhead(Duration by) {
        ahead = by;
    }

    /** So many nodes of the next deployments write nothing. */
    void silentNodes(int count) {
        silentNodes = count;
    }

    /** AWS writes no line about nodes that start. */
    void tellsNoNodes() {
        tellsNodes = false;
    }

    void deployed(int version, int nodes, List<String> what) {
        images = what;
        for (int node = 0; node < nodes; node++) {
            started(version, clock.instant().plus(NODE_START), node >= silentNodes);
        }
    }

    /** A node of that version starts now. */
    void nodeStarts(int version, boolean writes) {
        started(version, clock.instant(), writes);
    }

    private void started(int version, Instant began, boolean writes) {
        Instant at = began.plus(ahead);
        if (tellsNodes) {
            lines.add(new LogLine(at, "[deployment:%d] Started 1 new node".formatted(version)));
        }
        if (writes) {
            whenNodesStart.apply(images).forEach(text -> lines.add(new LogLine(at.plusSeconds(5), text)));
        }
    }

    /** The application writes now. */
    void write(String text) {
        lines.add(new LogLine(clock.instant().plus(ahead), text));
    }

    /** AWS has dropped every line. */
    void drop() {
        lines.clear();
    }

    /** Reading fails so from now on; null: it does not. */
    void fails(Failure why) {
        failure = why;
    }

    /** There is no such log from now on; null: there is. */
    void missing(Failure why) {
        missing = why;
    }

    /** The account's budget is used up. */
    void busy(boolean is) {
        busy = is;
    }

    List<Instant> reads() {
        return reads;
    }

    @Override
    public Map<String, Reading> read(DesiredState desired, Wanted wanted) {
        Map<String, Reading> made = new HashMap<>();
        wanted.since().forEach((place, since) -> made.put(place, read(since)));
        return made;
    }

    private Reading read(Instant since) {
        if (busy) {
            return new Reading.NotNow();
        }
        reads.add(clock.instant());
        if (failure != null) {
            return new Reading.Unreadable(failure);
        }
        if (missing != null) {
            return new Reading.Missing(missing);
        }
        Instant arrived = clock.instant().plus(ahead).minus(ingestion);
        return new Reading.Lines(
                lines.stream()
                        .filter(line -> !line.at().isBefore(since) && !line.at().isAfter(arrived))
                        .sorted(Comparator.comparing(LogLine::at))
                        .toList(),
                true);
    }
}
