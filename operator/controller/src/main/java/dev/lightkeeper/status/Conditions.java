package dev.lightkeeper.status;

import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Builds the list of conditions: each keeps its transition time as long as its status does. */
final class Conditions {
    private static final int MESSAGE_LIMIT = 1024;

    private final List<Condition> before;
    private final long generation;
    private final Instant now;
    private final List<Condition> after = new ArrayList<>();

    Conditions(List<Condition> before, long generation, Instant now) {
        this.before = before;
        this.generation = generation;
        this.now = now;
    }

    /** A condition that this run evaluated. */
    void set(String type, ConditionStatus status, Reason reason, String message) {
        Instant since = before(type)
                .filter(condition -> condition.status() == status)
                .map(Condition::lastTransitionTime)
                .orElse(now);
        String clipped = message.length() <= MESSAGE_LIMIT ? message : message.substring(0, MESSAGE_LIMIT - 1) + "…";
        after.add(new Condition(type, status, generation, since, reason.name(), clipped));
    }

    /** A condition that this run could not evaluate: as it was, with its old observedGeneration. */
    void carryOver(String type) {
        before(type)
                .ifPresentOrElse(
                        after::add, () -> set(type, ConditionStatus.Unknown, Reason.NotObserved, "not looked at yet"));
    }

    Optional<Condition> before(String type) {
        return before.stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst();
    }

    List<Condition> list() {
        return after;
    }
}
