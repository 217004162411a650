package dev.lightkeeper.status;

import dev.lightkeeper.act.Refusals;
import dev.lightkeeper.act.Results;
import dev.lightkeeper.api.v1alpha1.CheckResult;
import dev.lightkeeper.api.v1alpha1.CheckStatus;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RolloutPhase;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.observe.LiveState;
import dev.lightkeeper.plan.Action;
import dev.lightkeeper.plan.Finding;
import dev.lightkeeper.plan.Finding.Effect;
import dev.lightkeeper.plan.History;
import dev.lightkeeper.plan.Memory;
import dev.lightkeeper.plan.Plan;
import dev.lightkeeper.verify.Verdict;
import dev.lightkeeper.verify.Verifier;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Turns what a run learned into what readers see. Same input, same status. */
public final class StatusStep {
    private static final int PLAN_LINES = 10;

    /** The first status of a resource, before any call of AWS. */
    public ServiceDeploymentStatus initial(ServiceDeploymentStatus old, long generation, Instant now) {
        Conditions conditions = new Conditions(List.of(), generation, now);
        for (String type : ConditionTypes.ALWAYS) {
            switch (type) {
                case ConditionTypes.READY ->
                    conditions.set(type, ConditionStatus.Unknown, Reason.Initializing, "not looked at yet");
                case ConditionTypes.ROLLBACK_READY ->
                    conditions.set(
                            type, ConditionStatus.False, Reason.NoVerifiedRevision, "no revision is verified yet");
                case ConditionTypes.SUSPENDED ->
                    conditions.set(type, ConditionStatus.False, Reason.NotSuspended, "changes are made as declared");
                case ConditionTypes.DEGRADED ->
                    conditions.set(type, ConditionStatus.False, Reason.NotDegraded, "no check fails");
                default -> conditions.carryOver(type);
            }
        }
        conditions.set(
                ConditionTypes.RECONCILING, ConditionStatus.True, Reason.Initializing, "the resource was just seen");
        return new StatusDraft(old)
                .observedGeneration(generation)
                .conditions(conditions.list())
                .build();
    }

    /** The status after a run, and the events that the change is worth. */
    public Told tell(
            History history,
            DesiredState desired,
            LiveState live,
            Plan plan,
            Results results,
            Verdict verdict,
            Instant now) {
        List<Finding> findings = findings(plan, results, verdict);
        Conditions conditions =
                new Conditions(history.status().conditions(), desired.resource().generation(), now);
        new ConditionRules(conditions, desired, live, plan, results.memory(), verdict, history, findings).apply();
        ServiceDeploymentStatus status = new StatusDraft(history.status())
                .observedGeneration(desired.resource().generation())
                .conditions(conditions.list())
                .memory(results.memory())
                .checks(verdict.checks())
                .plan(
                        lines(plan),
                        plan.removal() == null ? null : plan.removal().hash())
                .live(live, desired, results.memory())
                .build();
        return new Told(status, Announcements.between(history.status(), status, results));
    }

    private static List<String> lines(Plan plan) {
        return Stream.concat(
                        plan.removal() == null ? Stream.of() : plan.removal().lines().stream(),
                        plan.proposed().stream().map(Action::describe))
                .limit(PLAN_LINES)
                .toList();
    }

    private static List<Finding> findings(Plan plan, Results results, Verdict verdict) {
        List<Finding> findings = new ArrayList<>(plan.findings());
        results.outcomes().stream()
                .filter(Results.Failed.class::isInstance)
                .map(Results.Failed.class::cast)
                .map(Refusals::finding)
                .forEach(findings::add);
        verdict.check(Verifier.READINESS)
                .ifPresent(check -> readiness(check, plan.observed(), results.memory(), findings));
        if (verdict.checks().isEmpty() && findings.isEmpty()) {
            findings.add(new Finding(Effect.WORKING, Reason.NotObserved, "nothing was checked yet"));
        }
        return findings;
    }

    private static void readiness(CheckStatus check, boolean observed, Memory memory, List<Finding> findings) {
        String message = check.message() == null ? "" : check.message();
        boolean underWay = memory.rollout() != null && memory.rollout().phase() != RolloutPhase.Baking;
        if (check.status() == CheckResult.Failing) {
            findings.add(new Finding(underWay ? Effect.NOT_READY : Effect.FAILING, Reason.ReadinessFailed, message));
        } else if (check.status() != CheckResult.Passing && (observed || underWay)) {
            findings.add(new Finding(Effect.WORKING, Reason.Verifying, message));
        }
    }
}
