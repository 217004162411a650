package dev.lightkeeper.simulators.aws.application;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/** The lines of one deployment; the oldest go when there are too many. */
final class DeploymentLog {
    private static final int CAPACITY = 50_000;

    private final Deque<LogLine> lines = new ArrayDeque<>();

    synchronized void add(Instant timestamp, String containerName, String message) {
        if (lines.size() == CAPACITY) {
            lines.removeFirst();
        }
        lines.addLast(new LogLine(timestamp, containerName, message));
    }

    synchronized List<LogLine> lines() {
        return lines.stream().sorted(Comparator.comparing(LogLine::timestamp)).toList();
    }
}
