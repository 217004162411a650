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
import dev.lightkeeper.observe.LiveHosts;
import dev.lightkeeper.observe.LiveState;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.plan.Action;
import dev.lightkeeper.plan.Finding;
import dev.lightkeeper.plan.Finding.Effect;
import dev.lightkeeper.plan.History;
import dev.lightkeeper.plan.Memory;
import dev.lightkeeper.plan.Plan;
import dev.lightkeeper.plan.hosts.HostClock;
import dev.lightkeeper.verify.HostAnswer;
import dev.lightkeeper.verify.Isolation;
import dev.lightkeeper.verify.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
                            type,
                            ConditionStatus.False,
                            Reason.NoVerifiedRevision,
                            "no revision is verified and baked yet");
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

    /**
     * The status before a call. What is told of the same call, refused before, holds until AWS has answered again: else the
     * conditions would move with each repetition.
     */
    public ServiceDeploymentStatus intend(
            History history,
            DesiredState desired,
            LiveState live,
            Plan plan,
            Results intended,
            Verdict before,
            Instant now) {
        boolean refused = history.condition(ConditionTypes.STALLED)
                .filter(stalled -> Finding.isOfRefusedCall(stalled.reason()))
                .isPresent();
        return refused
                ? new StatusDraft(history.status()).memory(intended.memory()).build()
                : tell(history, desired, live, plan, intended, before, now).status();
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
        List<Finding> findings = findings(history, desired, plan, results, verdict);
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
                .live(live, desired, clocks(live, answering(results.memory(), verdict)))
                .build();
        return new Told(status, Announcements.between(history.status(), status, plan, results));
    }

    /** The hosts with what their answers say. */
    static Memory answering(Memory memory, Verdict verdict) {
        return memory.roll() == null
                ? memory
                : memory.withRoll(
                        memory.roll(),
                        memory.hosts().stream()
                                .map(host -> {
                                    HostAnswer answer = verdict.hosts().get(host.instanceId());
                                    return answer == null ? host : host.answering(answer.well(), answer.message());
                                })
                                .toList());
    }

    private static Memory clocks(LiveState live, Memory memory) {
        return memory.roll() != null && live.hosts() instanceof Observed.Present<LiveHosts>(LiveHosts hosts)
                ? memory.withRoll(memory.roll(), HostClock.told(hosts, memory.hosts()))
                : memory;
    }

    private static List<String> lines(Plan plan) {
        return Stream.concat(
                        plan.removal() == null ? Stream.of() : plan.removal().lines().stream(),
                        plan.proposed().stream().map(Action::describe))
                .limit(PLAN_LINES)
                .toList();
    }

    private static List<Finding> findings(
            History history, DesiredState desired, Plan plan, Results results, Verdict verdict) {
        List<Finding> findings = new ArrayList<>();
        results.outcomes().stream()
                .filter(Results.Failed.class::isInstance)
                .map(Results.Failed.class::cast)
                .map(failed -> plan.released() ? Refusals.unmarked(failed) : Refusals.finding(failed))
                .forEach(findings::add);
        // Of two findings of one reason the first is told.
        findings.addAll(plan.released() ? findings.size() : 0, plan.findings());
        if (verdict.isolation() != Isolation.NONE) {
            isolated(history, desired, verdict, findings);
            judged(CheckFamily.LOGS, verdict, plan, results.memory(), findings);
        } else {
            for (CheckFamily family : CheckFamily.values()) {
                judged(family, verdict, plan, results.memory(), findings);
            }
        }
        if (verdict.checks().isEmpty() && findings.isEmpty()) {
            findings.add(new Finding(Effect.WORKING, Reason.NotObserved, "nothing was checked yet"));
        }
        return findings;
    }

    /** Nothing is known of the service; whatever keeps us from AWS is the same fault and not being worked on. */
    private static void isolated(History history, DesiredState desired, Verdict verdict, List<Finding> findings) {
        boolean lasting = verdict.isolation() == Isolation.LASTING;
        for (int i = 0; i < findings.size(); i++) {
            Finding finding = findings.get(i);
            if (finding.reason() == Reason.ObservationStale) {
                findings.set(i, new Finding(Effect.UNPROVED, finding.reason(), finding.message()));
                lasting = true;
            }
        }
        boolean judged = history.condition(ConditionTypes.READY)
                .filter(ready -> Objects.equals(
                        ready.observedGeneration(), desired.resource().generation()))
                .isPresent();
        if (lasting || !judged) {
            findings.add(
                    new Finding(
                            Effect.UNPROVED,
                            Reason.ProberIsolated,
                            "the operator can reach neither this service nor any other target: check its network (DNS, egress); nothing is claimed until it can"));
        }
    }

    private static void judged(CheckFamily family, Verdict verdict, Plan plan, Memory memory, List<Finding> findings) {
        List<CheckStatus> checks = family.among(verdict.checks());
        CheckResult result = CheckFamily.worst(checks);
        boolean underWay = memory.rollout() != null && memory.rollout().phase() != RolloutPhase.Baking;
        if (result == CheckResult.Failing) {
            Effect effect = underWay ? Effect.NOT_READY : Effect.FAILING;
            findings.add(new Finding(effect, family.failed(), family.message(checks, result)));
        } else if (result == CheckResult.Unknown && (plan.observed() || underWay)) {
            boolean left = plan.findings().stream().anyMatch(finding -> finding.effect() == Effect.NOT_READY);
            // Nothing is being done about a log that is silent; a probe is made again soon.
            boolean idle = family == CheckFamily.LOGS && !underWay;
            findings.add(new Finding(
                    left || idle ? Effect.UNPROVED : Effect.WORKING, Reason.Verifying, family.message(checks, result)));
        }
    }
}
