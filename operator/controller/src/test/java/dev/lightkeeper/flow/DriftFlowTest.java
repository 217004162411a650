package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.False;
import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static dev.lightkeeper.flow.FakeProber.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Reason;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Other hands change what was proved. */
class DriftFlowTest {
    private final Flow flow = new Flow();

    @BeforeEach
    void steady() {
        flow.untilSteady();
        flow.pass(Duration.ofMinutes(10));
    }

    @AfterEach
    void nothingForbiddenWasCalled() {
        assertThat(flow.cloud.offences()).isEmpty();
    }

    private void deployByHand(String image) {
        Contents.deployByHand(flow, image);
    }

    @Test
    void staleImageByHandIsCorrectedWithinOneLook() {
        deployByHand("example.com/api:stale");
        Instant changed = flow.clock.instant();
        flow.until(() -> flow.cloud.calls().size() == 3);
        assertThat(Duration.between(changed, flow.clock.instant())).isLessThanOrEqualTo(Duration.ofSeconds(30));
        assertThat(flow.told("Ready", "Degraded", "Synced", "Reconciling"))
                .containsExactly(
                        "Ready=False/ImageMismatch",
                        "Degraded=True/ImageMismatch",
                        "Synced=False/ImageMismatch",
                        "Reconciling=True/ImageMismatch");
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
    }

    @Test
    void aRepairStaysDegradedUntilTheRightImageServes() {
        deployByHand("example.com/api:stale");
        flow.until(() -> flow.cloud.calls().size() == 3);
        flow.pass(Duration.ofSeconds(100));
        assertThat(flow.told("Ready", "Degraded"))
                .containsExactly("Ready=False/ImageMismatch", "Degraded=True/ImageMismatch");
    }

    @Test
    void aHandMadeDeploymentWhileNotReadyIsLeftAloneUntilTheSpecChanges() {
        flow.prober.answers(status(503));
        flow.until("Degraded", True, Reason.ReadinessFailed);
        deployByHand("example.com/api:hotfix");
        flow.until("Stalled", True, Reason.ForeignDeployment);
        assertThat(flow.told("Ready", "Degraded"))
                .containsExactly("Ready=False/ForeignDeployment", "Degraded=True/ForeignDeployment");
        flow.prober.answers(status(200));
        flow.pass(Duration.ofMinutes(30));
        flow.assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly("example.com/api:hotfix");
        flow.set("/containers/0/image", "example.com/api:hotfix").untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
    }

    @Test
    void aRetryRequestCorrectsAForeignDeployment() {
        flow.prober.answers(status(503));
        flow.until("Degraded", True, Reason.ReadinessFailed);
        deployByHand("example.com/api:hotfix");
        flow.until("Stalled", True, Reason.ForeignDeployment);
        flow.prober.answers(status(200));
        flow.annotate("lightkeeper.dev/retry-requested-at", "now").untilSteady().assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
    }

    @Test
    void aForeignDeploymentStaysToldThroughAShortSilenceOfAws() {
        flow.prober.answers(status(503));
        flow.until("Degraded", True, Reason.ReadinessFailed);
        deployByHand("example.com/api:hotfix");
        flow.until("Stalled", True, Reason.ForeignDeployment);
        flow.prober.answers(status(200));
        flow.pass(Duration.ofMinutes(3));
        flow.cloud.answers(false);
        flow.pass(Duration.ofMinutes(3));
        assertThat(flow.told("Ready", "Degraded", "Stalled"))
                .containsExactly(
                        "Ready=False/ForeignDeployment",
                        "Degraded=True/ForeignDeployment",
                        "Stalled=True/ForeignDeployment");
    }

    @Test
    void equalContentByAnotherHandIsAdoptedWithoutACall() {
        deployByHand(Manifest.IMAGE);
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
        flow.assertQuiet();
        assertThat(flow.store.status().lightsail().deploymentVersion()).isEqualTo(2);
    }

    @Test
    void driftUnderReportIsToldAndNothingIsDone() {
        flow.set("/driftPolicy", "Report").run();
        deployByHand("example.com/api:stale");
        flow.until("Synced", False, Reason.ImageMismatch);
        assertThat(flow.told("Ready", "Reconciling", "Stalled"))
                .containsExactly("Ready=False/ImageMismatch", "Reconciling=-", "Stalled=-");
        assertThat(flow.store.status().plan()).singleElement().asString().contains("deploy " + Manifest.IMAGE);
        flow.assertQuiet();
        flow.set("/driftPolicy", "Correct").untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
    }

    @Test
    void scaleLoweredByHandIsRestoredAtOnceAndIsARiskBelowTheMinimum() {
        flow.cloud.service().scaleNow(1);
        Instant changed = flow.clock.instant();
        flow.until(() -> flow.cloud.calls().size() == 3);
        assertThat(Duration.between(changed, flow.clock.instant())).isLessThanOrEqualTo(Duration.ofSeconds(30));
        assertThat(flow.told("Ready", "Degraded", "Synced", "Reconciling"))
                .containsExactly(
                        "Ready=True/Verified",
                        "Degraded=True/ScaleMismatch",
                        "Synced=False/ScaleMismatch",
                        "Reconciling=True/ScaleMismatch");
        flow.untilSteady();
        assertThat(flow.cloud.service().scale()).isEqualTo(2);
        flow.assertQuiet();
    }

    @Test
    void tooFewNodesAreARiskWhileAwsStillUpdatesTheService() {
        flow.cloud.service().capacity("nano", 1, flow.clock.instant());
        flow.run();
        assertThat(flow.told("Ready", "Degraded", "Synced"))
                .containsExactly("Ready=True/Verified", "Degraded=True/ScaleMismatch", "Synced=False/ScaleMismatch");
        flow.until(() -> flow.cloud.service().scale() == 2).untilSteady().assertQuiet();
    }

    @Test
    void aNewScaleIsNotReadyBeforeItIsLive() {
        flow.set("/scale", "4").run();
        assertThat(flow.told("Ready", "Degraded", "Synced", "Reconciling"))
                .containsExactly(
                        "Ready=Unknown/Capacity",
                        "Degraded=False/NotDegraded",
                        "Synced=False/ScaleMismatch",
                        "Reconciling=True/Capacity");
        flow.run();
        assertThat(flow.told("Ready")).containsExactly("Ready=Unknown/Capacity");
        flow.untilSteady().assertQuiet();
    }

    @Test
    void scaleLoweredByHandIsRestoredWhileDegradedToo() {
        flow.prober.answers(status(503));
        flow.until("Degraded", True, Reason.ReadinessFailed);
        flow.cloud.service().scaleNow(1);
        flow.until(() -> flow.cloud.calls().size() == 3);
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "update");
    }

    @Test
    void scaleRaisedByHandIsLoweredAfterHalfAnHour() {
        flow.cloud.service().scaleNow(5);
        Instant changed = flow.clock.instant();
        flow.until("Synced", False, Reason.ScaleRaisedByHand);
        assertThat(flow.told("Ready", "Degraded", "Reconciling"))
                .containsExactly("Ready=True/Verified", "Degraded=False/NotDegraded", "Reconciling=-");
        flow.assertQuiet();
        flow.until(() -> flow.cloud.service().scale() == 2);
        assertThat(Duration.between(changed, flow.clock.instant()))
                .isBetween(Duration.ofMinutes(30), Duration.ofMinutes(31));
        flow.untilSteady().assertQuiet();
    }

    @Test
    void scaleRaisedByHandIsNotLoweredWhileDegraded() {
        flow.cloud.service().scaleNow(5);
        flow.prober.answers(status(503));
        flow.pass(Duration.ofMinutes(60));
        assertThat(flow.cloud.service().scale()).isEqualTo(5);
        flow.prober.answers(status(200));
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.cloud.service().scale()).isEqualTo(2);
        flow.untilSteady().assertQuiet();
    }

    @Test
    void kubectlScaleUpAndDownIsDoneAtOnceWithoutADeployment() {
        flow.set("/scale", "4").untilSteady();
        assertThat(flow.cloud.service().scale()).isEqualTo(4);
        flow.set("/scale", "2").untilSteady();
        assertThat(flow.cloud.service().scale()).isEqualTo(2);
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "update", "update");
        assertThat(flow.store.status().replicas()).isEqualTo(2);
        flow.assertQuiet();
    }

    @Test
    void suspendStopsActingButNotTelling() {
        flow.set("/suspend", "true").run();
        assertThat(flow.told("Ready", "Suspended", "Reconciling"))
                .containsExactly("Ready=True/Verified", "Suspended=True/Suspended", "Reconciling=-");
        flow.cloud.service().scaleNow(1);
        deployByHand("example.com/api:stale");
        flow.until("Synced", False, Reason.ImageMismatch);
        assertThat(flow.told("Ready", "Reconciling", "Stalled"))
                .containsExactly("Ready=False/ImageMismatch", "Reconciling=-", "Stalled=-");
        flow.assertQuiet();
        flow.set("/suspend", "false").until(() -> flow.cloud.service().scale() == 2);
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
    }

    @Test
    void theAnnotationSuspendsToo() {
        flow.annotate("lightkeeper.dev/suspend", "true").run();
        assertThat(flow.told("Suspended")).containsExactly("Suspended=True/Suspended");
        flow.set("/containers/0/image", "example.com/api:2");
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.cloud.calls()).hasSize(2);
        assertThat(flow.told("Ready", "Reconciling")).containsExactly("Ready=False/ImageMismatch", "Reconciling=-");
        flow.assertQuiet();
        flow.annotate("lightkeeper.dev/suspend", null).untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
    }

    @Test
    void anObserverProposesAndDoesNothing() {
        flow.set("/managementPolicy", "Observe");
        flow.set("/containers/0/image", "example.com/api:2").set("/scale", "3");
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.cloud.calls()).hasSize(2);
        assertThat(flow.store.status().plan()).hasSize(2);
        assertThat(flow.told("Ready", "Synced", "Reconciling"))
                .containsExactly("Ready=False/ImageMismatch", "Synced=False/ImageMismatch", "Reconciling=-");
        flow.assertQuiet();
    }

    @Test
    void foreignTagsAreLeftAloneAndOursAreRestored() {
        flow.cloud.service().tags().put("cost", "web");
        flow.cloud.service().tags().remove("lightkeeper.dev/owner");
        flow.pass(Duration.ofMinutes(2));
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
        assertThat(flow.told("Stalled")).containsExactly("Stalled=True/AdoptionRefused");
    }

    @Test
    void powerChangedByHandIsRestoredWithoutADeployment() {
        flow.cloud.service().powerNow("micro");
        flow.until(() -> flow.cloud.calls().size() == 3);
        assertThat(flow.told("Ready", "Degraded", "Synced"))
                .containsExactly("Ready=True/Verified", "Degraded=False/NotDegraded", "Synced=False/PowerMismatch");
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.service().power()).isEqualTo("nano");
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "update");
    }

    @Test
    void aDeclaredTagIsSetWithoutADeployment() {
        flow.set("/lightsail/tags", "{team: web}").untilSteady();
        assertThat(flow.cloud.service().tags()).containsEntry("team", "web");
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "tag");
        flow.assertQuiet();
    }

    @Test
    void domainsAndRegistryAccessAreAttachedWithoutADeployment() {
        flow.set("/lightsail/publicDomainNames", "[{certificateName: c, domainNames: [a.example.com]}]")
                .set("/lightsail/ecrImagePuller", "Enabled");
        flow.untilSteady();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "update");
        flow.assertQuiet();
    }
}
