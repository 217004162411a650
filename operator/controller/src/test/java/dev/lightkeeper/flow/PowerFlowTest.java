package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static dev.lightkeeper.flow.FakeProber.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.flow.FakeCloud.Fault;
import dev.lightkeeper.plan.RevisionRecord;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Power: more of it first, less of it last, whatever else happens meanwhile. */
class PowerFlowTest {
    private final Flow flow = new Flow();

    @AfterEach
    void nothingForbiddenWasCalled() {
        assertThat(flow.cloud.offences()).isEmpty();
    }

    private void steady() {
        flow.untilSteady();
        flow.pass(Duration.ofMinutes(10));
    }

    @ParameterizedTest
    @CsvSource({"small", "nano"})
    void aChangedContractIsProvedAlsoWhilePowerDriftIsOnlyReported(String power) {
        flow.manifest.initially("/lightsail/power", "micro");
        steady();
        flow.set("/driftPolicy", "Report").run();
        flow.cloud.service().powerNow(power);
        flow.pass(Duration.ofMinutes(3));
        flow.set("/readiness/path", "/health/deep").run();
        assertThat(flow.told("Ready")).containsExactly("Ready=Unknown/Verifying");
        flow.untilReady();
        flow.assertQuiet();
    }

    @ParameterizedTest
    @CsvSource({"small", "nano"})
    void theBakeEndsAlsoWhilePowerDriftIsOnlyReported(String power) {
        flow.manifest.initially("/lightsail/power", "micro").initially("/driftPolicy", "Report");
        flow.untilReady();
        flow.cloud.service().powerNow(power);
        flow.pass(Duration.ofMinutes(20));
        assertThat(flow.store.status().rollout()).isNull();
        assertThat(flow.store.status().lastVerifiedRevision()).isEqualTo("1");
    }

    @ParameterizedTest
    @CsvSource({"small", "nano"})
    void aRestartIsDoneAndVerifiedAlsoWhilePowerDriftIsOnlyReported(String power) {
        flow.manifest.initially("/lightsail/power", "micro").initially("/driftPolicy", "Report");
        steady();
        flow.cloud.service().powerNow(power);
        flow.pass(Duration.ofMinutes(3));
        flow.annotate("lightkeeper.dev/restart-requested-at", "monday").run();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
        flow.pass(Duration.ofMinutes(20));
        assertThat(flow.store.status().rollout()).isNull();
    }

    @Test
    void underReportGoingBackAfterAFailedReleaseTakesItsPowerBackToo() {
        flow.manifest.initially("/driftPolicy", "Report");
        steady();
        flow.cloud.cannotStart("example.com/api:2");
        flow.set("/containers/0/image", "example.com/api:2").set("/lightsail/power", "small");
        flow.until("Stalled", True, Reason.DeploymentFailed);
        flow.set("/containers/0/image", Manifest.IMAGE).set("/lightsail/power", "nano");
        flow.pass(Duration.ofMinutes(20));
        assertThat(flow.cloud.service().power()).isEqualTo("nano");
        flow.untilSteady();
    }

    @Test
    void powerRaisedByHandTogetherWithAHotfixStays() {
        steady();
        flow.prober.answers(status(503));
        flow.until("Degraded", True, Reason.ReadinessFailed);
        flow.cloud.service().powerNow("small");
        Contents.deployByHand(flow, "example.com/api:hotfix");
        flow.prober.answers(status(200));
        flow.pass(Duration.ofMinutes(30));
        assertThat(flow.cloud.service().power()).isEqualTo("small");
        assertThat(flow.told("Stalled")).containsExactly("Stalled=True/ForeignDeployment");
    }

    @Test
    void driftReturnedHealsAlsoWhenPowerWasLoweredMeanwhile() {
        flow.manifest.initially("/lightsail/power", "micro");
        steady();
        for (int i = 0; i < 2; i++) {
            Contents.deployByHand(flow, "example.com/api:stale");
            int calls = flow.cloud.calls().size();
            flow.until(() -> flow.cloud.calls().size() > calls).untilReady().pass(Duration.ofMinutes(6));
        }
        Contents.deployByHand(flow, "example.com/api:stale");
        flow.until("Stalled", True, Reason.DriftReturned);
        flow.cloud.service().powerNow("nano");
        Contents.deployByHand(flow, Manifest.IMAGE);
        flow.pass(Duration.ofMinutes(30));
        assertThat(flow.cloud.service().power()).isEqualTo("micro");
        flow.untilSteady();
    }

    @Test
    void aHeldReleaseThatPassesWhileSuspendedIsNotForgottenAndIsLoweredLater() {
        flow.manifest.initially("/rollout/onFailure", "Hold");
        flow.manifest.initially("/lightsail/power", "medium");
        steady();
        flow.prober.sick("example.com/api:2");
        flow.set("/lightsail/power", "nano").set("/containers/0/image", "example.com/api:2");
        flow.until("Stalled", True, Reason.VerificationFailed);
        flow.set("/suspend", "true").run();
        flow.prober.cured("example.com/api:2");
        flow.pass(Duration.ofMinutes(15));
        flow.assertQuiet();
        assertThat(flow.told("Ready", "Reconciling", "Stalled"))
                .containsExactly("Ready=False/PowerMismatch", "Reconciling=-", "Stalled=-");
        flow.set("/suspend", "false").untilSteady().assertQuiet();
        assertThat(flow.cloud.service().power()).isEqualTo("nano");
    }

    @Test
    void aReleaseProvedOnLargerNodesWhileSuspendedIsToldAndLoweredLater() {
        flow.manifest.initially("/lightsail/power", "medium");
        steady();
        flow.set("/lightsail/power", "nano").set("/containers/0/image", "example.com/api:2");
        flow.until("Reconciling", True, Reason.Verifying);
        flow.set("/suspend", "true").run();
        flow.pass(Duration.ofMinutes(30));
        flow.assertQuiet();
        assertThat(flow.told("Ready", "Reconciling", "Stalled"))
                .containsExactly("Ready=False/PowerMismatch", "Reconciling=-", "Stalled=-");
        flow.set("/suspend", "false").untilSteady().assertQuiet();
    }

    @ParameterizedTest
    @MethodSource("dev.lightkeeper.flow.PersistenceFlowTest#faults")
    void loweringPowerThatMeetsAFaultIsDoneOnce(Fault fault) {
        flow.manifest.initially("/lightsail/power", "medium");
        steady();
        flow.set("/lightsail/power", "nano").set("/containers/0/image", "example.com/api:2");
        flow.until("Reconciling", True, Reason.Verifying);
        flow.nextCall(fault);
        flow.pass(Duration.ofMinutes(40));
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy", "update");
    }

    @Test
    void aScaleDeclaredWhilePowerIsLoweredIsDoneAfterwardsAndAnotherProcessGoesOn() {
        flow.manifest.initially("/lightsail/power", "medium").initially("/scale", "4");
        steady();
        flow.set("/lightsail/power", "nano")
                .set("/containers/0/image", "example.com/api:2")
                .set("/scale", "2");
        flow.until(() -> flow.cloud.calls().size() == 4);
        flow.set("/rollout/bakeSeconds", "60").set("/scale", "3");
        flow.restart();
        flow.until(() -> flow.cloud.service().scale() == 3).untilSteady().assertQuiet();
        assertThat(flow.cloud.service().power()).isEqualTo("nano");
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy", "update", "update");
    }

    @Test
    void goingBackWhilePowerIsLoweredRestoresPowerAndRelease() {
        flow.manifest.initially("/lightsail/power", "medium");
        steady();
        flow.set("/lightsail/power", "nano").set("/containers/0/image", "example.com/api:2");
        flow.until(() -> flow.cloud.calls().size() == 4);
        flow.set("/lightsail/power", "medium").set("/containers/0/image", Manifest.IMAGE);
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.service().power()).isEqualTo("medium");
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
        assertThat(flow.store.revision("1").result()).isEqualTo(RevisionRecord.Result.Verified);
    }

    @Test
    void powerRaisedByHandDuringTheBakeIsRestoredAndTheBakeEnds() {
        flow.untilReady();
        flow.cloud.service().powerNow("small");
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "update");
        assertThat(flow.store.status().lastVerifiedRevision()).isEqualTo("1");
    }

    @Test
    void powerRaisedByHandDuringVerificationIsLoweredWhenProved() {
        flow.until("Reconciling", True, Reason.Verifying);
        flow.cloud.service().powerNow("small");
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.service().power()).isEqualTo("nano");
    }

    @Test
    void powerLoweredByHandDuringVerificationIsRestoredFirst() {
        flow.manifest.initially("/lightsail/power", "small");
        flow.until("Reconciling", True, Reason.Verifying);
        flow.cloud.service().powerNow("nano");
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.service().power()).isEqualTo("small");
    }

    @Test
    void disablingWhilePowerIsLoweredStopsEverythingAndEnablingGoesOn() {
        flow.manifest.initially("/lightsail/power", "medium");
        steady();
        flow.set("/lightsail/power", "nano").set("/containers/0/image", "example.com/api:2");
        flow.until(() -> flow.cloud.calls().size() == 4);
        flow.cloud.service().disable();
        flow.until("Stalled", True, Reason.ServiceDisabled);
        flow.assertQuiet();
        flow.cloud.service().enable();
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy", "update");
    }

    @Test
    void powerRaisedByHandWhileSuspendedIsToldAndSaysNothingAboutReady() {
        steady();
        flow.set("/suspend", "true").run();
        flow.cloud.service().powerNow("small");
        flow.pass(Duration.ofMinutes(5)).assertQuiet();
        assertThat(flow.told("Ready", "Synced", "Reconciling"))
                .containsExactly("Ready=True/Verified", "Synced=False/PowerMismatch", "Reconciling=-");
        assertThat(flow.store.status().plan()).singleElement().asString().contains("nano × 2");
        flow.set("/suspend", "false").untilSteady().assertQuiet();
        assertThat(flow.cloud.service().power()).isEqualTo("nano");
    }
}
