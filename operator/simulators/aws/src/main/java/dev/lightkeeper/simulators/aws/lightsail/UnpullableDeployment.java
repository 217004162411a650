package dev.lightkeeper.simulators.aws.lightsail;

import dev.lightkeeper.simulators.aws.SimulatorClock;
import dev.lightkeeper.simulators.aws.application.Behaviour;
import dev.lightkeeper.simulators.aws.application.LogLine;
import dev.lightkeeper.simulators.aws.application.RunningDeployment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Nodes that cannot get an image which Lightsail itself should hand out: three starts, then a cancel, no application
 * line, as users have seen it.
 */
final class UnpullableDeployment implements RunningDeployment {
    private static final int STARTS = 3;

    private final SimulatorClock clock;
    private final Instant startedAt;
    private final Duration nodeStart;
    private final int version;
    private final List<String> containers;

    UnpullableDeployment(SimulatorClock clock, Duration nodeStart, int version, Collection<String> containers) {
        this.clock = clock;
        this.startedAt = clock.now();
        this.nodeStart = nodeStart;
        this.version = version;
        this.containers = List.copyOf(containers);
    }

    @Override
    public Health health() {
        return clock.now().isBefore(startedAt.plus(nodeStart.multipliedBy(STARTS))) ? Health.STARTING : Health.FAILED;
    }

    @Override
    public List<LogLine> logs() {
        List<LogLine> lines = new ArrayList<>();
        add(lines, startedAt, "[deployment:" + version + "] Creating your deployment");
        for (int start = 0; start < STARTS; start++) {
            add(
                    lines,
                    startedAt.plus(nodeStart.multipliedBy(start)),
                    "[deployment:" + version + "] Started 1 new node");
        }
        Instant end = startedAt.plus(nodeStart.multipliedBy(STARTS));
        add(lines, end, "[deployment:" + version + "] Took too long");
        add(lines, end, "[deployment:" + version + "] Canceled");
        Instant now = clock.now();
        return lines.stream().filter(l -> !l.timestamp().isAfter(now)).toList();
    }

    private void add(List<LogLine> lines, Instant at, String message) {
        containers.forEach(name -> lines.add(new LogLine(at, name, message)));
    }

    @Override
    public void scale(int nodes) {}

    @Override
    public double cpuPercent() {
        return 0;
    }

    @Override
    public double memoryPercent() {
        return 0;
    }

    @Override
    public void breakNode(int index) {}

    @Override
    public void breakNode(int index, Behaviour instead) {}

    @Override
    public void healNode(int index) {}

    @Override
    public void close() {}
}
