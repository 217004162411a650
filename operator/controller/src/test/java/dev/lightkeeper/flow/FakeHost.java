package dev.lightkeeper.flow;

import dev.lightkeeper.observe.HostReport;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** An EC2 instance with what the host script does there. */
final class FakeHost {
    /** A release that lies there: container to image, and what the request said of its variables. */
    record Laid(String fingerprint, Map<String, String> images, Map<String, String> environment, String logging) {}

    final String id;
    String state = "running";
    boolean online = true;
    Duration clockAhead = Duration.ZERO;
    boolean dirty;

    /** Whether it carries the tags that are asked for. */
    boolean matches = true;

    /** Whether its agent is there, but takes no questions. */
    boolean mute;

    /** Whether everything answers badly there, whatever runs. */
    boolean sick;

    /** Paths that answer badly there, whatever runs. */
    final Set<String> broken = new HashSet<>();

    /** What it has told last. */
    HostReport told;

    String user = "ubuntu";
    HostReport.Environment environment = HostReport.Environment.EQUAL;
    boolean loggingDiffers;
    String owner = Flow.CLUSTER;

    /** Whether a release was ever brought to it, or in vain. */
    boolean known;

    String current;
    String previous;
    String lastOperation;
    final Map<String, Laid> releases = new TreeMap<>();
    final Map<String, String> running = new TreeMap<>();
    final Set<String> operations = new HashSet<>();

    FakeHost(String id) {
        this.id = id;
    }

    void cure() {
        online = true;
        clockAhead = Duration.ZERO;
        mute = false;
        sick = false;
        broken.clear();
        state = state.equals("terminated") ? state : "running";
    }

    boolean answers() {
        return online && state.equals("running");
    }

    void kill(String container) {
        running.remove(container);
    }

    void activate(String revision) {
        if (!revision.equals(current)) {
            previous = current;
            current = revision;
        }
        running.clear();
        running.putAll(releases.get(revision).images());
        dirty = false;
        loggingDiffers = false;
        user = "ubuntu";
    }

    /** The log driver and options that what runs was started with; empty where none were declared. */
    String logging() {
        return releases.get(current).logging();
    }

    /** What is told of the variables of what runs: for a parameter, which version. */
    Map<String, String> environment() {
        return releases.get(current).environment();
    }

    void remove() {
        known = false;
        current = null;
        previous = null;
        running.clear();
        releases.clear();
    }

    HostReport.Installed installed() {
        if (current == null) {
            return known ? new HostReport.Installed(owner, null, null, null, lastOperation, false, List.of()) : null;
        }
        Map<String, String> declared = new HashMap<>(releases.get(current).images());
        declared.putAll(running);
        List<HostReport.Workload> processes = declared.entrySet().stream()
                .map(entry -> new HostReport.Workload(
                        entry.getKey(),
                        running.containsKey(entry.getKey()) ? HostReport.State.RUNNING : HostReport.State.EXITED,
                        entry.getValue(),
                        user,
                        environment,
                        loggingDiffers))
                .toList();
        return new HostReport.Installed(
                owner, current, previous, releases.get(current).fingerprint(), lastOperation, dirty, processes);
    }
}
