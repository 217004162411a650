package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.False;
import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static dev.lightkeeper.flow.FakeProber.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.flow.FakeCloud.Fault;
import dev.lightkeeper.plan.Action;
import dev.lightkeeper.plan.RevisionRecord;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What somebody asked for is done in the end, whatever becomes of the first call and whatever is asked for meanwhile. */
class PersistenceFlowTest {
    private final Flow flow = new Flow();

    @AfterEach
    void nothingForbiddenWasCalled() {
        assertThat(flow.cloud.offences()).isEmpty();
    }

    private void steady() {
        flow.untilSteady();
        flow.pass(Duration.ofMinutes(10));
    }

    static Stream<Fault> faults() {
        return Stream.of(
                new Fault.LostBefore(),
                new Fault.LostAfter(),
                new Fault.Refuses(new Failure.Conflict("InvalidInput", "busy")),
                new Fault.Refuses(new Failure.Denied("AccessDenied", "X", "denied")));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aRestartThatMeetsAFaultIsDoneOnceInTheEnd(Fault fault) {
        steady();
        flow.nextCall(fault);
        flow.annotate("lightkeeper.dev/restart-requested-at", "monday").run();
        flow.pass(Duration.ofMinutes(30));
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
        assertThat(flow.store.status().lightsail().deploymentVersion()).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aSecondRepairThatMeetsAFaultIsStillTheSecond(Fault fault) {
        steady();
        Contents.deployByHand(flow, "example.com/api:stale");
        flow.until(() -> flow.cloud.calls().size() == 3).untilReady().pass(Duration.ofMinutes(6));
        Contents.deployByHand(flow, "example.com/api:stale");
        flow.nextCall(fault);
        flow.pass(Duration.ofMinutes(25));
        assertThat(flow.told("Stalled")).containsExactly("Stalled=-");
        flow.untilSteady();
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aRetryOfAForeignDeploymentThatMeetsAFaultIsDoneInTheEnd(Fault fault) {
        steady();
        flow.prober.answers(status(503));
        flow.until("Degraded", True, Reason.ReadinessFailed);
        Contents.deployByHand(flow, "example.com/api:hotfix");
        flow.until("Stalled", True, Reason.ForeignDeployment);
        flow.prober.answers(status(200));
        flow.nextCall(fault);
        flow.annotate("lightkeeper.dev/retry-requested-at", "now").run();
        flow.pass(Duration.ofMinutes(30));
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
        flow.untilSteady();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void underReportARetryOfAForeignDeploymentIsDoneInTheEnd(Fault fault) {
        flow.manifest.initially("/driftPolicy", "Report");
        steady();
        flow.prober.answers(status(503));
        flow.until("Degraded", True, Reason.ReadinessFailed);
        Contents.deployByHand(flow, "example.com/api:hotfix");
        flow.until("Ready", False, Reason.ForeignDeployment);
        flow.prober.answers(status(200));
        flow.nextCall(fault);
        flow.annotate("lightkeeper.dev/retry-requested-at", "now").run();
        flow.pass(Duration.ofMinutes(30));
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
        flow.untilSteady().assertQuiet();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void underReportARetryRestoresWhatDrifted(Fault fault) {
        flow.manifest.initially("/driftPolicy", "Report");
        steady();
        Contents.deployByHand(flow, "example.com/api:stale");
        flow.until("Synced", False, Reason.ImageMismatch);
        flow.pass(Duration.ofMinutes(5));
        flow.nextCall(fault);
        flow.annotate("lightkeeper.dev/retry-requested-at", "now").run();
        flow.pass(Duration.ofMinutes(30));
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
        flow.untilSteady().assertQuiet();
    }

    @Test
    void underReportARetryRestoresTheScaleToo() {
        flow.manifest.initially("/driftPolicy", "Report");
        steady();
        flow.cloud.service().scaleNow(1);
        flow.until("Synced", False, Reason.ScaleMismatch);
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.cloud.service().scale()).isEqualTo(1);
        flow.annotate("lightkeeper.dev/retry-requested-at", "now").run();
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.cloud.service().scale()).isEqualTo(2);
    }

    @Test
    void aDeniedDeploymentDelaysNoRepairOfTheScale() {
        steady();
        flow.cloud.refuses(Action.Deploy.class, new Fault.Refuses(new Failure.Denied("AccessDenied", "X", "denied")));
        flow.set("/containers/0/image", "example.com/api:2").run();
        flow.until("Stalled", True, Reason.AccessDenied);
        flow.pass(Duration.ofMinutes(1));
        flow.cloud.service().scaleNow(1);
        flow.pass(Duration.ofMinutes(2));
        assertThat(flow.cloud.service().scale()).isEqualTo(2);
    }

    @Test
    void underReportGoingBackToLessPowerIsDoneAlsoWhenItWasDeclaredWhileSuspended() {
        flow.manifest.initially("/driftPolicy", "Report");
        steady();
        flow.set("/lightsail/power", "micro").untilSteady();
        flow.set("/suspend", "true").run();
        flow.set("/lightsail/power", "nano");
        flow.pass(Duration.ofMinutes(5));
        flow.set("/suspend", "false");
        flow.pass(Duration.ofMinutes(20));
        assertThat(flow.cloud.service().power()).isEqualTo("nano");
        flow.untilSteady();
    }

    @Test
    void aRestartThatIsSupersededKeepsItsRevisionVerified() {
        steady();
        flow.annotate("lightkeeper.dev/restart-requested-at", "monday").run();
        flow.set("/containers/0/image", "example.com/api:2").untilSteady();
        assertThat(flow.store.revision("1").result()).isEqualTo(RevisionRecord.Result.Verified);
    }

    @Test
    void aRepairThatIsSupersededKeepsItsRevisionVerified() {
        steady();
        Contents.deployByHand(flow, "example.com/api:stale");
        flow.until(() -> flow.cloud.calls().size() == 3);
        flow.set("/containers/0/image", "example.com/api:2").untilSteady();
        assertThat(flow.store.revision("1").result()).isEqualTo(RevisionRecord.Result.Verified);
    }

    @Test
    void underReportGoingBackIsDoneAlsoWhenItWasDeclaredWhileSuspended() {
        flow.manifest.initially("/driftPolicy", "Report");
        steady();
        flow.set("/containers/0/image", "example.com/api:2").untilSteady();
        flow.set("/suspend", "true").run();
        flow.set("/containers/0/image", Manifest.IMAGE);
        flow.pass(Duration.ofMinutes(5));
        flow.set("/suspend", "false");
        flow.pass(Duration.ofMinutes(10));
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void underReportGoingBackIsDoneAlsoWhenTheCallMeetsAFault(Fault fault) {
        flow.manifest.initially("/driftPolicy", "Report");
        steady();
        flow.set("/containers/0/image", "example.com/api:2").untilSteady();
        flow.nextCall(fault);
        flow.set("/containers/0/image", Manifest.IMAGE);
        flow.pass(Duration.ofMinutes(30));
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
        assertThat(flow.store.status().automaticActs()).isEmpty();
    }

    @Test
    void underReportAServiceThatIsMadeAgainOnRequestIsDeployedToo() {
        flow.manifest.initially("/driftPolicy", "Report");
        steady();
        flow.cloud.remove();
        flow.until("Stalled", True, Reason.ServiceDisappeared);
        flow.annotate("lightkeeper.dev/retry-requested-at", "now");
        flow.pass(Duration.ofMinutes(20));
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
        flow.untilSteady();
    }

    @Test
    void theEnvironmentOfAServiceThatReplacedOursIsGuarded() {
        flow.manifest.initially("/adoptionPolicy", "AdoptOrCreate");
        steady();
        Contents.madeByHand(flow, "example.com/api:new", Map.of("A", "b"), Map.of());
        flow.until("Stalled", True, Reason.TargetReplaced);
        flow.annotate("lightkeeper.dev/retry-requested-at", "now");
        flow.pass(Duration.ofMinutes(20));
        assertThat(flow.told("Stalled")).containsExactly("Stalled=True/AdoptionWouldRemoveEnvironment");
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aServiceThatReplacedOursIsDeployedToOnceWhateverBecomesOfTheCall(Fault fault) {
        flow.manifest.initially("/adoptionPolicy", "AdoptOrCreate");
        steady();
        flow.annotate("lightkeeper.dev/restart-requested-at", "a").run();
        flow.untilSteady();
        flow.annotate("lightkeeper.dev/restart-requested-at", "b").run();
        flow.untilSteady();
        Contents.madeByHand(
                flow,
                "example.com/api:new",
                Map.of(),
                Map.of("lightkeeper.dev/cluster", Flow.CLUSTER, "lightkeeper.dev/owner", "shop/api"));
        flow.until("Stalled", True, Reason.TargetReplaced);
        int before = flow.cloud.calls().size();
        flow.nextCall(fault);
        flow.annotate("lightkeeper.dev/retry-requested-at", "now");
        flow.pass(Duration.ofMinutes(30));
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls().subList(before, flow.cloud.calls().size()))
                .containsExactly("deploy");
    }

    @Test
    void aRestartRequestedTogetherWithANewImageIsOneDeployment() {
        steady();
        flow.annotate("lightkeeper.dev/restart-requested-at", "monday");
        flow.set("/containers/0/image", "example.com/api:2").untilSteady();
        flow.pass(Duration.ofMinutes(10));
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
    }

    @Test
    void retryWhileSuspendedIsDoneOnResume() {
        flow.cloud.cannotStart(Manifest.IMAGE);
        flow.until("Stalled", True, Reason.DeploymentFailed);
        flow.set("/suspend", "true").run();
        flow.annotate("lightkeeper.dev/retry-requested-at", "now").run();
        flow.pass(Duration.ofMinutes(5));
        flow.set("/suspend", "false");
        flow.until(() -> flow.cloud.calls().size() == 3);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aNewSpecAfterAForeignDeploymentIsDeployedAlsoWhenTheCallMeetsAFault(Fault fault) {
        steady();
        flow.prober.answers(status(503));
        flow.until("Degraded", True, Reason.ReadinessFailed);
        Contents.deployByHand(flow, "example.com/api:hotfix");
        flow.until("Stalled", True, Reason.ForeignDeployment);
        flow.prober.answers(status(200));
        flow.nextCall(fault);
        flow.set("/containers/0/image", "example.com/api:2");
        flow.pass(Duration.ofMinutes(30));
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
        assertThat(flow.store.status().automaticActs()).isEmpty();
    }

    @Test
    void aFixByHandWhileADeploymentWasRefusedIsLeftAlone() {
        steady();
        flow.nextCall(new Fault.Refuses(new Failure.Conflict("InvalidInput", "busy")));
        flow.set("/containers/0/image", "example.com/api:2").run();
        Contents.deployByHand(flow, "example.com/api:hotfix");
        flow.until("Stalled", True, Reason.ForeignDeployment);
        flow.assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
    }

    @Test
    void aRestartThatWasRefusedWaitsWhileSuspended() {
        steady();
        flow.nextCall(new Fault.Refuses(new Failure.Conflict("InvalidInput", "busy")));
        flow.annotate("lightkeeper.dev/restart-requested-at", "monday").run();
        flow.set("/suspend", "true").run();
        flow.pass(Duration.ofMinutes(5)).assertQuiet();
        flow.set("/suspend", "false").untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
    }
}
