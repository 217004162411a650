package dev.lightkeeper.api.v1alpha1;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Statuses with every member set. */
final class FullStatus {
    private static final Instant TIME = Instant.parse("2026-11-22T10:00:00Z");

    private FullStatus() {}

    static ServiceDeploymentStatus serviceDeployment() {
        return new ServiceDeploymentStatus(
                1L,
                List.of(new Condition("Ready", ConditionStatus.True, 1L, TIME, "Verified", "")),
                "https://api.example.com/",
                new Summary(":api.main.165", "2/2"),
                2,
                2,
                "165",
                "166",
                "165",
                new FailedRevision(
                        "166", "fingerprint", Map.of("api/TOKEN", "digest"), "VerificationFailed", "does not answer"),
                new TargetStatus(
                        "123456789012",
                        "us-east-2",
                        "arn:aws:lightsail:us-east-2:123456789012:ContainerService/x",
                        true),
                new LightsailStatus(
                        "RUNNING",
                        "nano",
                        2,
                        2,
                        TIME,
                        "digest",
                        "digest",
                        2,
                        12L,
                        TIME,
                        List.of(":api.main.165"),
                        List.of(":api.main.166"),
                        "arn:aws:iam::1:role/x"),
                new Ec2Status(
                        2,
                        2,
                        2,
                        12L,
                        TIME,
                        List.of("example.com/api:1"),
                        new RollStatus(
                                13L,
                                "166",
                                RollKind.Deploy,
                                RollPhase.Rolling,
                                TIME,
                                TIME,
                                12L,
                                "165",
                                3,
                                "",
                                new RollObstacle(TIME, TIME),
                                new HostCommandStatus(
                                        "activate", "id", "command", List.of("i-0123456789abcdef0"), TIME))),
                List.of(new HostStatus("i-0123456789abcdef0", "running", "165", HostStep.Verified, true, false, "")),
                new ForeignDeployment(13L, true),
                new RolloutStatus("166", RolloutPhase.Verifying, TIME, TIME, TIME, "165", ConditionStatus.Unknown, 1),
                new OperationStatus("Deploy", "166", 1, TIME, "operation", List.of("command")),
                List.of(new AutomaticAct(TIME, AutomaticActKind.Rollback, "165")),
                List.of(
                        new CheckStatus(
                                "listening",
                                CheckType.LogMilestone,
                                Enforcement.Required,
                                CheckResult.Passing,
                                "seen",
                                12L,
                                TIME),
                        // Two families may use the same name.
                        new CheckStatus(
                                "listening",
                                CheckType.Endpoint,
                                Enforcement.Advisory,
                                CheckResult.Unknown,
                                "not tried",
                                12L,
                                TIME)),
                List.of(new HistoryEntry(
                        "166",
                        List.of(":api.main.166"),
                        RevisionResult.RolledBack,
                        TIME,
                        TIME,
                        List.of("readiness"),
                        "does not answer")),
                List.of("deploy :api.main.166"),
                "hash",
                "14.00",
                Map.of(Annotations.RECONCILE_REQUESTED_AT, "1"));
    }

    static AwsAccountStatus awsAccount() {
        return new AwsAccountStatus(
                1L,
                List.of(new Condition("Ready", ConditionStatus.Unknown, 1L, TIME, "Initializing", "not looked at yet")),
                new AccountIdentity("123456789012", "arn:aws:sts::123456789012:assumed-role/lightkeeper/session"),
                3,
                "42.00");
    }

    static ServiceDeploymentStatus withReplicas(int replicas) {
        return new ServiceDeploymentStatus(
                null, List.of(), null, null, replicas, null, null, null, null, null, null, null, null, List.of(), null,
                null, null, List.of(), List.of(), List.of(), List.of(), null, null, Map.of());
    }
}
