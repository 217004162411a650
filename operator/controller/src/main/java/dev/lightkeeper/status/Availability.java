package dev.lightkeeper.status;

import dev.lightkeeper.api.v1alpha1.CheckResult;
import dev.lightkeeper.api.v1alpha1.CheckStatus;
import dev.lightkeeper.api.v1alpha1.CheckType;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Ec2Target;
import dev.lightkeeper.api.v1alpha1.HostStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RollStatus;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.ProbeSite;
import dev.lightkeeper.observe.LiveService;
import dev.lightkeeper.observe.LiveState;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.observe.ServiceState;
import dev.lightkeeper.plan.Memory;
import dev.lightkeeper.verify.Verdict;
import java.util.List;
import java.util.Objects;

/** Whether what serves answers; of a worker without an endpoint, whether it runs and has reached its milestones. */
record Availability(ConditionStatus status, Reason reason, String message) {
    static Availability of(DesiredState desired, LiveState live, Memory memory, Verdict verdict) {
        Observed<LiveService> service = live.ours(memory.arn());
        if (isIdle(service) && !memory.mayServeUnseen(desired.spec())) {
            return new Availability(ConditionStatus.False, Reason.NotServing, "nothing serves");
        }
        if (new ProbeSite(desired.spec()).onHosts()) {
            return hosts(desired, StatusStep.answering(memory, verdict));
        }
        return desired.spec().readiness() == null
                ? worker(service, memory, verdict)
                : endpoint(verdict.check(CheckType.Readiness)
                        .map(CheckStatus::status)
                        .orElse(CheckResult.Unknown));
    }

    /** Whether it is known. */
    boolean told() {
        return status != ConditionStatus.Unknown;
    }

    private static boolean isIdle(Observed<LiveService> service) {
        return switch (service) {
            case Observed.Present<LiveService>(LiveService found) ->
                found.current() == null || found.state() == ServiceState.DISABLED;
            case Observed.Absent<LiveService> ignored -> true;
            case Observed.Unknown<LiveService> ignored -> false;
        };
    }

    private static Availability endpoint(CheckResult readiness) {
        return switch (readiness) {
            case Passing ->
                new Availability(ConditionStatus.True, Reason.Passing, "the public endpoint answers readiness");
            case Failing ->
                new Availability(
                        ConditionStatus.False, Reason.ReadinessFailed, "the public endpoint does not answer readiness");
            case Unknown -> unknown("readiness was not probed yet");
        };
    }

    /** While a roll is under way, as many as may be away at a time are not missed. */
    private static Availability hosts(DesiredState desired, Memory memory) {
        RollStatus roll = memory.roll();
        Ec2Target target = Objects.requireNonNull(desired.spec().ec2(), "it is on hosts");
        int away = roll != null && roll.goesOn() ? Objects.requireNonNullElse(target.maxUnavailable(), 1) : 0;
        int needed = Math.max(1, desired.spec().minimumScale() - away);
        long well = memory.hosts().stream()
                .filter(host -> Boolean.TRUE.equals(host.ready()))
                .count();
        long unknown = memory.hosts().stream()
                .filter(host -> host.ready() == null || HostStatus.UNREACHABLE.equals(host.state()))
                .filter(HostStatus::mayServe)
                .count();
        if (well >= needed) {
            return new Availability(ConditionStatus.True, Reason.Passing, "enough hosts answer readiness");
        }
        return well + unknown >= needed
                ? unknown("it is not known of enough hosts whether they answer readiness")
                : new Availability(ConditionStatus.False, Reason.ReadinessFailed, "too few hosts answer readiness");
    }

    private static Availability worker(Observed<LiveService> service, Memory memory, Verdict verdict) {
        List<CheckStatus> milestones = CheckFamily.LOGS.among(verdict.checks()).stream()
                .filter(check -> check.type() == CheckType.LogMilestone)
                .toList();
        if (!runsOurs(service, memory) || milestones.isEmpty()) {
            return unknown("the worker was not seen running yet");
        }
        return switch (CheckFamily.worst(milestones)) {
            case Passing ->
                new Availability(ConditionStatus.True, Reason.Passing, "the worker runs and reached its milestones");
            case Failing ->
                new Availability(
                        ConditionStatus.False, Reason.LogsFailed, "the worker runs but missed a milestone of its log");
            case Unknown -> unknown("the worker runs; its milestones were not found yet");
        };
    }

    private static boolean runsOurs(Observed<LiveService> service, Memory memory) {
        return service instanceof Observed.Present<LiveService>(LiveService found)
                && found.state() == ServiceState.RUNNING
                && Objects.requireNonNull(found.current(), "nothing serves").version()
                        == Objects.requireNonNullElse(memory.deploymentVersion(), -1L);
    }

    private static Availability unknown(String message) {
        return new Availability(ConditionStatus.Unknown, Reason.NotObserved, message);
    }
}
