package dev.lightkeeper.status;

import dev.lightkeeper.act.Results;
import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.plan.Action;
import dev.lightkeeper.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The events that a change of status is worth: one for each mutation of AWS and at most one for the transition. */
final class Announcements {
    private Announcements() {}

    static List<Notice> between(ServiceDeploymentStatus old, ServiceDeploymentStatus now, Plan plan, Results results) {
        List<Notice> notices = new ArrayList<>();
        for (Results.Outcome outcome : results.outcomes()) {
            boolean asks = outcome.action() instanceof Action.CommandHosts command && !command.changes();
            if (outcome instanceof Results.Done done && !asks) {
                notices.add(new Notice(false, done.action().reason(), done.message()));
            }
        }
        if (plan.refusedRequest() != null) {
            notices.add(new Notice(true, Reason.RollbackRefused, plan.refusedRequest()));
        }
        transition(old, now).ifPresent(notices::add);
        return notices;
    }

    private static Optional<Notice> transition(ServiceDeploymentStatus old, ServiceDeploymentStatus now) {
        Optional<Notice> stalled = becameTrue(ConditionTypes.STALLED, old, now);
        if (stalled.isPresent()) {
            return stalled;
        }
        Optional<Notice> degraded = becameTrue(ConditionTypes.DEGRADED, old, now);
        if (degraded.isPresent()) {
            return degraded;
        }
        return ready(old, now).or(() -> suspended(old, now));
    }

    /** A transition to True, or to another reason while True: an on-call person must hear both. */
    private static Optional<Notice> becameTrue(String type, ServiceDeploymentStatus old, ServiceDeploymentStatus now) {
        return find(now, type)
                .filter(condition -> condition.status() == ConditionStatus.True)
                .filter(condition -> find(old, type)
                        .filter(before -> before.status() == ConditionStatus.True
                                && before.reason().equals(condition.reason()))
                        .isEmpty())
                .flatMap(condition -> notice(true, condition, now));
    }

    private static Optional<Notice> ready(ServiceDeploymentStatus old, ServiceDeploymentStatus now) {
        Optional<Condition> before = find(old, ConditionTypes.READY);
        if (before.filter(ready -> ready.reason().equals(Reason.AccountNotVerified.name()))
                .isPresent()) {
            // What the account's own event has ended.
            return Optional.empty();
        }
        ConditionStatus was = before.map(Condition::status).orElse(ConditionStatus.Unknown);
        return find(now, ConditionTypes.READY)
                .filter(condition -> condition.status() != was)
                .filter(condition -> condition.status() != ConditionStatus.Unknown)
                .flatMap(condition -> notice(condition.status() == ConditionStatus.False, condition, now));
    }

    private static Optional<Notice> suspended(ServiceDeploymentStatus old, ServiceDeploymentStatus now) {
        ConditionStatus before =
                find(old, ConditionTypes.SUSPENDED).map(Condition::status).orElse(ConditionStatus.False);
        return find(now, ConditionTypes.SUSPENDED)
                .filter(condition -> condition.status() != before)
                .flatMap(condition -> notice(false, condition, now));
    }

    /** Nothing of what the AwsAccount itself tells, once for all resources that use it; a parameter is the resource's own. */
    private static Optional<Notice> notice(boolean warning, Condition condition, ServiceDeploymentStatus now) {
        boolean toldByAccount = condition.reason().equals(Reason.AccountNotVerified.name())
                || (isFalse(now, ConditionTypes.ACCOUNT_VERIFIED, condition.reason())
                        && !isFalse(now, ConditionTypes.ENVIRONMENT_VALID, condition.reason()));
        return toldByAccount
                ? Optional.empty()
                : Optional.of(new Notice(warning, Reason.valueOf(condition.reason()), condition.message()));
    }

    private static boolean isFalse(ServiceDeploymentStatus status, String type, String reason) {
        return find(status, type)
                .filter(condition -> condition.status() == ConditionStatus.False)
                .filter(condition -> condition.reason().equals(reason))
                .isPresent();
    }

    private static Optional<Condition> find(ServiceDeploymentStatus status, String type) {
        return status.conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst();
    }
}
