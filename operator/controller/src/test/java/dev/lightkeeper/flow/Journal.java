package dev.lightkeeper.flow;

import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RollPhase;
import dev.lightkeeper.api.v1alpha1.RolloutPhase;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.status.Notice;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a resource tells from some moment on: which conditions move, and when it complains first. */
final class Journal {
    /** Bad news about the resource, and the reason that is given. */
    record Complaint(Instant at, String reason, boolean ofItsOwn) {}

    private final Flow flow;
    private final int eventsBefore;
    private final Map<String, ConditionStatus> last = new HashMap<>();
    private final Map<String, Integer> transitions = new TreeMap<>();
    private final List<Complaint> complaints = new ArrayList<>();
    private final List<Instant> ready = new ArrayList<>();
    private Instant rollbackOrdered;
    private final Map<String, Condition> before = new HashMap<>();
    private boolean everDegraded;

    Journal(Flow flow) {
        this.flow = flow;
        eventsBefore = flow.events.size();
        for (String type : List.of("Reconciling", "Stalled")) {
            last.put(type, flow.condition(type).map(Condition::status).orElse(ConditionStatus.False));
        }
        flow.store.status().conditions().forEach(condition -> last.put(condition.type(), condition.status()));
        remember();
        flow.store.afterWrite(this::note);
    }

    private void note() {
        for (String type : List.of("Reconciling", "Stalled")) {
            move(type, flow.condition(type).map(Condition::status).orElse(ConditionStatus.False));
        }
        flow.store.status().conditions().forEach(condition -> move(condition.type(), condition.status()));
        everDegraded |= bad("Degraded", ConditionStatus.True).isPresent();
        complaint()
                .ifPresent(
                        told -> complaints.add(new Complaint(flow.clock.instant(), told.reason(), !isTheAccounts())));
        remember();
        ServiceDeploymentStatus status = flow.store.status();
        if (rollbackOrdered == null && isTakenBack(status)) {
            rollbackOrdered = flow.clock.instant();
        }
    }

    private static boolean isTakenBack(ServiceDeploymentStatus status) {
        boolean everywhere = status.rollout() != null && status.rollout().phase() == RolloutPhase.RollingBack;
        boolean someHosts = status.ec2() != null
                && status.ec2().roll() != null
                && status.ec2().roll().phase() == RollPhase.TakingBack;
        return everywhere || someHosts;
    }

    /** What is worse than before: the first of what is newly told, or told for another reason. */
    private Optional<Condition> complaint() {
        return newly("Stalled")
                .or(() -> newly("Degraded"))
                .or(() -> bad("Ready", ConditionStatus.False).filter(told -> !isFalse(before.get("Ready"))));
    }

    private Optional<Condition> newly(String type) {
        return bad(type, ConditionStatus.True)
                .filter(told -> before.get(type) == null
                        || before.get(type).status() != told.status()
                        || !before.get(type).reason().equals(told.reason()));
    }

    private static boolean isFalse(Condition condition) {
        return condition != null && condition.status() == ConditionStatus.False;
    }

    private void remember() {
        before.clear();
        flow.store.status().conditions().forEach(condition -> before.put(condition.type(), condition));
    }

    private boolean isTheAccounts() {
        return flow.is("Ready", ConditionStatus.False, Reason.AccountNotVerified);
    }

    /** When a rollback was ordered first. */
    Optional<Instant> rollbackOrdered() {
        return Optional.ofNullable(rollbackOrdered);
    }

    /** When it became Ready first, at or after that moment. */
    Optional<Instant> ready(Instant since) {
        return ready.stream().filter(at -> !at.isBefore(since)).findFirst();
    }

    private Optional<Condition> bad(String type, ConditionStatus status) {
        return flow.condition(type).filter(condition -> condition.status() == status);
    }

    private void move(String type, ConditionStatus status) {
        ConditionStatus before = last.put(type, status);
        if (before != null && before != status) {
            transitions.merge(type, 1, Integer::sum);
            if (type.equals("Ready") && status == ConditionStatus.True) {
                ready.add(flow.clock.instant());
            }
        }
    }

    /** The first one at or after that moment. */
    Optional<Complaint> firstComplaint(Instant since) {
        return complaints.stream()
                .filter(complaint -> !complaint.at().isBefore(since))
                .findFirst();
    }

    /** Those that nobody else tells. */
    int complaintsOfItsOwn() {
        return (int) complaints.stream().filter(Complaint::ofItsOwn).count();
    }

    boolean everDegraded() {
        return everDegraded;
    }

    /** How often the status of each condition moved until now. */
    Map<String, Integer> transitions() {
        return Map.copyOf(transitions);
    }

    /** Reasons of all events, those of warnings with an exclamation mark. */
    List<String> events() {
        Stream<Notice> told = flow.events.stream().skip(eventsBefore);
        return told.map(notice -> notice.reason() + (notice.warning() ? "!" : ""))
                .toList();
    }
}
