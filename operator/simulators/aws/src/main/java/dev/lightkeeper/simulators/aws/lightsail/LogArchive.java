package dev.lightkeeper.simulators.aws.lightsail;

import dev.lightkeeper.simulators.aws.application.LogLine;
import dev.lightkeeper.simulators.aws.application.RunningDeployment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Lines of all deployments of one service: of those that run, and what those that ended have left. */
final class LogArchive {
    private static final int MOST_LINES = 20_000;

    private final List<LogLine> ended = new ArrayList<>();
    private final Set<RunningDeployment> running = new LinkedHashSet<>();

    void follow(RunningDeployment deployment) {
        running.add(deployment);
    }

    void keep(RunningDeployment deployment) {
        if (running.remove(deployment)) {
            ended.addAll(deployment.logs());
            if (ended.size() > MOST_LINES) {
                ended.subList(0, ended.size() - MOST_LINES).clear();
            }
        }
    }

    /** Lines of a container written from one time (inclusive) to another (exclusive), ascending. */
    List<LogLine> lines(String container, Instant from, Instant until) {
        List<LogLine> all = new ArrayList<>(ended);
        running.forEach(r -> all.addAll(r.logs()));
        return all.stream()
                .filter(l -> l.containerName().equals(container))
                .filter(l -> !l.timestamp().isBefore(from) && l.timestamp().isBefore(until))
                .sorted(Comparator.comparing(LogLine::timestamp))
                .toList();
    }
}
