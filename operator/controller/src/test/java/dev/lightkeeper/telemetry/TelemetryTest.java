package dev.lightkeeper.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.AutomaticActKind;
import dev.lightkeeper.api.v1alpha1.AwsAccountStatus;
import dev.lightkeeper.api.v1alpha1.CheckType;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.aws.MovableClock;
import dev.lightkeeper.desired.DesiredState.ResourceIdentity;
import dev.lightkeeper.kube.KubernetesClients;
import dev.lightkeeper.plan.Action;
import dev.lightkeeper.reconcile.Observations.Outcome;
import dev.lightkeeper.verify.Prober;
import dev.lightkeeper.verify.TryLedger;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TelemetryTest {
    private static final ResourceID API = new ResourceID("api", "production");
    private static final ResourceIdentity IDENTITY = new ResourceIdentity("production", "api", "uid", 1);
    private static final String LABELS = "name=\"api\",namespace=\"production\"";

    private final MovableClock clock = new MovableClock();
    private final Telemetry telemetry = new Telemetry("1.2.3", new Watchdog(clock), clock);
    private final ServiceDeployment resource = read("""
            metadata: {namespace: production, name: api}
            spec: {scale: 2}
            """, ServiceDeployment.class);

    @Test
    void theVersionAndTheLeaderAreKnown() {
        assertThat(telemetry.scrape())
                .contains("lightkeeper_build_info{java=\"25\",version=\"1.2.3\"} 1")
                .contains("lightkeeper_leader 0");

        telemetry.leading(7);

        assertThat(telemetry.scrape())
                .contains("lightkeeper_leader 1")
                .contains("controller_runtime_max_concurrent_reconciles 7");
    }

    @Test
    void runsAndCallsAreCountedByOutcome() {
        telemetry.ran("ServiceDeployment", API, Outcome.written, Duration.ofMillis(5), clock.instant());
        telemetry.awsCall("lightsail:GetContainerServices", "Throttled", Duration.ofMillis(5));
        telemetry.awsCallHeldBack("lightsail:GetContainerLog", "budget");

        assertThat(telemetry.scrape())
                .contains("lightkeeper_reconcile_seconds_count{kind=\"ServiceDeployment\",outcome=\"written\"} 1")
                .contains("lightkeeper_aws_calls_seconds_count{operation=\"lightsail:GetContainerServices\","
                        + "outcome=\"Throttled\"} 1")
                .contains("lightkeeper_aws_calls_held_back_total{limit=\"budget\","
                        + "operation=\"lightsail:GetContainerLog\"} 1");
    }

    @Test
    void aConditionHasOneSeriesAndItsFormerStateNone() {
        told(null, status(ConditionStatus.True, "Verified"));
        told(null, status(ConditionStatus.False, "ReadinessFailed"));

        assertThat(lines("lightkeeper_condition{"))
                .containsExactly("lightkeeper_condition{" + LABELS
                        + ",reason=\"ReadinessFailed\",status=\"False\",type=\"Ready\"} 1.0");
    }

    @Test
    void aCheckHasOneSeriesAndADroppedOneNone() {
        told(null, status(ConditionStatus.True, "Verified"));
        assertThat(lines("lightkeeper_check{"))
                .containsExactly("lightkeeper_check{check=\"readiness\"," + LABELS
                        + ",status=\"Passing\",type=\"Readiness\"} 1.0");

        told(null, empty());
        assertThat(lines("lightkeeper_check{")).isEmpty();
    }

    @Test
    void theLastTimeReadyStaysWhenItIsNotReadyAnyMore() {
        told(null, status(ConditionStatus.True, "Verified"));
        Instant verified = clock.instant();
        clock.advance(Duration.ofMinutes(1));
        told(null, status(ConditionStatus.False, "ReadinessFailed"));

        assertThat(value("lightkeeper_verified_timestamp_seconds")).isEqualTo((double) verified.getEpochSecond());
        assertThat(value("lightkeeper_look_timestamp_seconds"))
                .isEqualTo((double) clock.instant().getEpochSecond());
        assertThat(value("lightkeeper_next_look_timestamp_seconds"))
                .isEqualTo((double) (clock.instant().getEpochSecond() + 30));
    }

    @Test
    void goodAndBadTriesBothExistFromTheFirstTryOn() {
        telemetry.tried(IDENTITY, CheckType.Readiness, TryLedger.Outcome.Pass);
        telemetry.tried(IDENTITY, CheckType.Readiness, TryLedger.Outcome.Pass);
        telemetry.tried(IDENTITY, CheckType.Endpoint, TryLedger.Outcome.Miss);

        assertThat(lines("lightkeeper_readiness_tries_total{"))
                .containsExactlyInAnyOrder(
                        "lightkeeper_readiness_tries_total{" + LABELS + ",result=\"good\"} 2.0",
                        "lightkeeper_readiness_tries_total{" + LABELS + ",result=\"bad\"} 0.0");
    }

    @Test
    void whatCannotBeJudgedIsNeitherGoodNorBad() {
        telemetry.tried(IDENTITY, CheckType.Readiness, TryLedger.Outcome.Unclear);

        assertThat(lines("lightkeeper_readiness_tries_total{"))
                .contains("lightkeeper_readiness_tries_total{" + LABELS + ",result=\"unknown\"} 1.0")
                .contains("lightkeeper_readiness_tries_total{" + LABELS + ",result=\"good\"} 0.0");
    }

    @Test
    void answersAreCountedByClassAndTimedByCheck() {
        answered(CheckType.Readiness, "readiness", 503, Duration.ofMillis(400));
        answered(CheckType.Endpoint, "orders", 200, Duration.ofMillis(20));
        telemetry.answered(
                IDENTITY,
                CheckType.Readiness,
                "readiness",
                new Prober.Answer.NoResponse(Prober.Fault.TIMEOUT, "no complete answer"));

        assertThat(lines("lightkeeper_probe_responses_total{"))
                .containsExactlyInAnyOrder(
                        "lightkeeper_probe_responses_total{class=\"5xx\"," + LABELS + "} 1.0",
                        "lightkeeper_probe_responses_total{class=\"2xx\"," + LABELS + "} 1.0",
                        "lightkeeper_probe_responses_total{class=\"none\"," + LABELS + "} 1.0");
        assertThat(telemetry.scrape())
                .contains("lightkeeper_probe_seconds_bucket{check=\"readiness\"," + LABELS + ",le=\"0.3\"} 0")
                .contains("lightkeeper_probe_seconds_bucket{check=\"readiness\"," + LABELS + ",le=\"0.5\"} 1")
                .contains("lightkeeper_probe_seconds_count{check=\"Endpoint/orders\"," + LABELS + "} 1");
    }

    @Test
    void onlyARolloutThatEndedInThisRunIsTimed() {
        ServiceDeploymentStatus running = withHistory("");
        ServiceDeploymentStatus ended = withHistory(", finishedTime: \"2026-11-22T00:01:30Z\", result: RolledBack");
        told(null, ended);
        assertThat(Stream.of("count", "sum").flatMap(part -> lines("lightkeeper_rollout_seconds_" + part).stream()))
                .isEmpty();

        told(running, ended);
        told(ended, ended);

        assertThat(Stream.of("count", "sum").flatMap(part -> lines("lightkeeper_rollout_seconds_" + part).stream()))
                .containsExactlyInAnyOrder(
                        "lightkeeper_rollout_seconds_count{result=\"RolledBack\"} 1",
                        "lightkeeper_rollout_seconds_sum{result=\"RolledBack\"} 90.0");
    }

    @Test
    void aRollbackIsCountedWhenItHasEnded() {
        ServiceDeploymentStatus running = status("rollout: {phase: RollingBack}");
        told(running, running);
        assertThat(lines("lightkeeper_rollbacks_total{")).isEmpty();

        told(running, status("conditions: [{type: Ready, status: \"False\", reason: RolledBack}]"));
        told(running, status("conditions: [{type: Stalled, status: \"True\", reason: RollbackFailed}]"));

        assertThat(lines("lightkeeper_rollbacks_total{"))
                .containsExactlyInAnyOrder(
                        "lightkeeper_rollbacks_total{" + LABELS + ",result=\"Verified\"} 1.0",
                        "lightkeeper_rollbacks_total{" + LABELS + ",result=\"Failed\"} 1.0");
    }

    @Test
    void allServicesAndTheirChecksAreCounted() {
        told(null, status(ConditionStatus.True, "Verified"));
        assertThat(telemetry.scrape())
                .contains("lightkeeper_servicedeployments 1.0")
                .contains("lightkeeper_checks{status=\"Passing\"} 1.0")
                .contains("lightkeeper_checks{status=\"Failing\"} 0.0")
                .contains("lightkeeper_readings_oldest_seconds{kind=\"log\"} 0.0");
    }

    @Test
    void deploymentsTellTheirCauseAndRepairsAreCountedOfEveryKind() {
        telemetry.acted(API, null, deploy(null, Reason.Deploying));
        telemetry.acted(API, null, deploy(AutomaticActKind.Rollback, Reason.RollingBack));
        telemetry.acted(API, null, deploy(AutomaticActKind.Repair, Reason.ImageMismatch));
        telemetry.acted(
                API, null, new Action.UpdateCapacity("api", "nano", 2, "nano × 1", Reason.ScaleMismatch, false));
        telemetry.acted(API, null, new Action.UpdateCapacity("api", "nano", 3, "nano × 2", Reason.Capacity, true));
        Action tags = new Action.ChangeTags("api", "arn", Map.of("a", "b"), Set.of(), Reason.TagMismatch);
        telemetry.acted(API, inSync(), tags);
        telemetry.acted(API, empty(), tags);

        assertThat(lines("lightkeeper_deployments_total{"))
                .containsExactlyInAnyOrder(
                        "lightkeeper_deployments_total{cause=\"Requested\"," + LABELS + "} 1.0",
                        "lightkeeper_deployments_total{cause=\"Rollback\"," + LABELS + "} 1.0",
                        "lightkeeper_deployments_total{cause=\"Repair\"," + LABELS + "} 1.0");
        assertThat(value("lightkeeper_drift_repairs_total")).isEqualTo(3);
    }

    @Test
    void hostsAreCountedByStateAndNeverNamed() {
        told(null, onHosts("running", "\"1\"", "unreachable", "\"1\""));
        assertThat(lines("lightkeeper_hosts{")).containsExactlyInAnyOrder(hosts(1, 0, 1, 0));
        assertThat(lines("lightkeeper_live_scale{")).containsExactly("lightkeeper_live_scale{" + LABELS + "} 2.0");
        assertThat(lines("lightkeeper_ready_replicas{"))
                .containsExactly("lightkeeper_ready_replicas{" + LABELS + "} 1.0");
        assertThat(lines("lightkeeper_monthly_cost_usd{")).isEmpty();

        told(null, onHosts("terminated", "\"1\"", "running", "null"));
        assertThat(lines("lightkeeper_hosts{")).containsExactlyInAnyOrder(hosts(0, 1, 0, 1));
        assertThat(telemetry.scrape()).doesNotContain("i-1");

        telemetry.gone(API);
        assertThat(lines("lightkeeper_hosts{")).isEmpty();
    }

    @Test
    void whatIsAtLightsailHasNoHosts() {
        told(null, status(ConditionStatus.True, "Verified"));

        assertThat(lines("lightkeeper_hosts{")).isEmpty();
        assertThat(lines("lightkeeper_ready_replicas{")).isEmpty();
    }

    private static String[] hosts(int serving, int spare, int unreachable, int away) {
        return Stream.of("serving " + serving, "spare " + spare, "unreachable " + unreachable, "away " + away)
                .map(words -> words.split(" "))
                .map(words -> "lightkeeper_hosts{%s,state=\"%s\"} %s.0".formatted(LABELS, words[0], words[1]))
                .toArray(String[]::new);
    }

    private static ServiceDeploymentStatus onHosts(String one, String its, String other, String others) {
        return status("""
                replicas: 2
                readyReplicas: 1
                ec2: {scale: 2}
                hosts:
                  - {instanceId: i-1, state: %s, revision: %s}
                  - {instanceId: i-2, state: %s, revision: %s}
                """.formatted(one, its, other, others));
    }

    @Test
    void allSeriesOfAResourceVanishWithIt() {
        tellEverything();
        telemetry.told("main", account());
        assertThat(telemetry.scrape()).contains("production", "name=\"main\"");

        telemetry.gone(API);
        assertThat(telemetry.scrape()).doesNotContain("production").contains("name=\"main\"");

        telemetry.gone(new ResourceID("main"));
        assertThat(telemetry.scrape()).doesNotContain("name=\"main\"");
    }

    @Test
    void whoDoesNotLeadAnyMoreTellsOfNoObject() {
        telemetry.leading(1);
        tellEverything();
        telemetry.told("main", account());

        telemetry.followed();

        assertThat(telemetry.scrape())
                .doesNotContain("production")
                .doesNotContain("name=\"main\"")
                .contains("lightkeeper_leader 0");
    }

    @Test
    void aCostThatIsNoNumberIsNotTold() {
        assertThat(Dollars.of("14.00")).isEqualTo(14);
        assertThat(Dollars.of("a lot")).isNull();
        assertThat(Dollars.of(null)).isNull();
    }

    private void tellEverything() {
        told(withHistory(""), withHistory(", finishedTime: \"2026-11-22T00:01:30Z\", result: Verified"));
        told(null, status(ConditionStatus.True, "Verified"));
        telemetry.tried(IDENTITY, CheckType.Readiness, TryLedger.Outcome.Pass);
        answered(CheckType.Readiness, "readiness", 200, Duration.ofMillis(20));
        telemetry.acted(API, null, deploy(null, Reason.Deploying));
    }

    private void told(@Nullable ServiceDeploymentStatus before, ServiceDeploymentStatus now) {
        telemetry.told(resource, before, now, clock.instant().plusSeconds(30));
    }

    private void answered(CheckType type, String check, int status, Duration latency) {
        telemetry.answered(IDENTITY, type, check, new Prober.Answer.Response(status, Map.of(), "", false, latency));
    }

    /** What is deployed is of no interest here. */
    @SuppressWarnings("NullAway")
    private static Action deploy(@Nullable AutomaticActKind automatic, Reason reason) {
        return new Action.Deploy("api", "2", null, reason, List.of(), automatic, "key");
    }

    private static ServiceDeploymentStatus status(ConditionStatus ready, String reason) {
        return status("""
                conditions: [{type: Ready, status: "%s", reason: %s}]
                checks: [{type: Readiness, name: readiness, status: Passing}]
                """.formatted(ready, reason));
    }

    private static ServiceDeploymentStatus inSync() {
        return status("""
                observedGeneration: 3
                conditions: [{type: Synced, status: "True", reason: InSync, observedGeneration: 3}]
                """);
    }

    private static ServiceDeploymentStatus empty() {
        return status("{}");
    }

    private static ServiceDeploymentStatus withHistory(String end) {
        return status("history: [{revision: \"2\", startedTime: \"2026-11-22T00:00:00Z\"%s}]".formatted(end));
    }

    private static ServiceDeploymentStatus status(String yaml) {
        return read(yaml, ServiceDeploymentStatus.class);
    }

    private static <T> T read(String yaml, Class<T> type) {
        return KubernetesClients.lenient().unmarshal(yaml, type);
    }

    private static AwsAccountStatus account() {
        return read("""
                conditions: [{type: Reachable, status: "True", reason: Reachable}]
                estimatedMonthlyCostUsd: "20.00"
                """, AwsAccountStatus.class);
    }

    private List<String> lines(String prefix) {
        return telemetry
                .scrape()
                .lines()
                .filter(line -> line.startsWith(prefix))
                .toList();
    }

    private double value(String metric) {
        return lines(metric + "{").stream()
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
