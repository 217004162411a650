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
import java.util.List;

/** The log of the service: lines arrive late, and AWS writes its own among them. */
final class FakeLog implements LogSource {
    private static final Duration INGESTION = Duration.ofSeconds(30);
    private static final Duration NODE_START = Duration.ofSeconds(30);

    private final InstantSource clock;
    private final List<LogLine> lines = new ArrayList<>();
    private final List<Instant> reads = new ArrayList<>();
    private List<String> whenNodesStart = List.of();
    private int silentNodes;
    private boolean tellsNodes = true;
    private boolean busy;
    private Failure failure;

    FakeLog(InstantSource clock) {
        this.clock = clock;
    }

    /** What each node writes five seconds after it has started, from the next deployment on. */
    void startsWith(String... texts) {
        whenNodesStart = List.of(texts);
    }

    /** So many nodes of the next deployments write nothing. */
    void silentNodes(int count) {
        silentNodes = count;
    }

    /** AWS writes no line about nodes that start. */
    void tellsNoNodes() {
        tellsNodes = false;
    }

    void deployed(int version, int nodes) {
        for (int node = 0; node < nodes; node++) {
            started(version, clock.instant().plus(NODE_START), node >= silentNodes);
        }
    }

    /** A node of that version starts now. */
    void nodeStarts(int version, boolean writes) {
        started(version, clock.instant(), writes);
    }

    private void started(int version, Instant at, boolean writes) {
        if (tellsNodes) {
            lines.add(new LogLine(at, "[deployment:%d] Started 1 new node".formatted(version)));
        }
        if (writes) {
            whenNodesStart.forEach(text -> lines.add(new LogLine(at.plusSeconds(5), text)));
        }
    }

    /** The application writes now. */
    void write(String text) {
        lines.add(new LogLine(clock.instant(), text));
    }

    /** AWS has dropped every line. */
    void drop() {
        lines.clear();
    }

    /** Reading fails so from now on; null: it does not. */
    void fails(Failure why) {
        failure = why;
    }

    /** The account's budget is used up. */
    void busy(boolean is) {
        busy = is;
    }

    List<Instant> reads() {
        return reads;
    }

    @Override
    public Reading read(DesiredState desired, String container, Instant since) {
        if (busy) {
            return new Reading.NotNow();
        }
        reads.add(clock.instant());
        if (failure != null) {
            return new Reading.Unreadable(failure);
        }
        Instant arrived = clock.instant().minus(INGESTION);
        return new Reading.Lines(
                lines.stream()
                        .filter(line -> !line.at().isBefore(since) && !line.at().isAfter(arrived))
                        .sorted(Comparator.comparing(LogLine::at))
                        .toList(),
                true);
    }
}
