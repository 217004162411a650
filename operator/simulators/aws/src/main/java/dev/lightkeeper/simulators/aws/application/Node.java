package dev.lightkeeper.simulators.aws.application;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One node: its processes, and what AWS's health check thinks of it. Guarded by its group. */
final class Node {
    private final int index;
    private final List<ContainerProcess> processes = new ArrayList<>();
    private boolean removed;
    private boolean checked;
    private boolean refusing;
    private @Nullable Behaviour instead;
    private boolean healthy;
    private int successes;
    private int failures;

    Node(int index) {
        this.index = index;
    }

    String name() {
        return "node-" + index;
    }

    List<ContainerProcess> processes() {
        return processes;
    }

    Optional<ContainerProcess> process(String containerName) {
        return processes.stream()
                .filter(process -> process.spec().name().equals(containerName))
                .findFirst();
    }

    boolean runs() {
        return !processes.isEmpty() && processes.stream().allMatch(ContainerProcess::alive);
    }

    /** A new machine behind the same index: it has to prove itself to the health check again. */
    void begin() {
        processes.clear();
        healthy = false;
        successes = 0;
        failures = 0;
    }

    void end() {
        processes.forEach(ContainerProcess::end);
    }

    void remove() {
        end();
        removed = true;
        healthy = false;
    }

    boolean removed() {
        return removed;
    }

    /** {@return true for the first call only: each node has one series of checks} */
    boolean beginChecks() {
        boolean first = !checked;
        checked = true;
        return first;
    }

    void breakWith(@Nullable Behaviour behaviour) {
        refusing = behaviour == null;
        instead = behaviour;
    }

    void heal() {
        refusing = false;
        instead = null;
    }

    boolean refusing() {
        return refusing;
    }

    Behaviour endpointBehaviour(Behaviour ofImage) {
        return instead == null ? ofImage : instead;
    }

    boolean healthy() {
        return healthy;
    }

    void checked(boolean passed, int healthyThreshold, int unhealthyThreshold) {
        successes = passed ? successes + 1 : 0;
        failures = passed ? 0 : failures + 1;
        if (successes >= healthyThreshold) {
            healthy = true;
        }
        if (failures >= unhealthyThreshold) {
            healthy = false;
        }
    }
}
