package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.False;
import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static dev.lightkeeper.flow.FakeProber.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.AutomaticAct;
import dev.lightkeeper.api.v1alpha1.AutomaticActKind;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RevisionResult;
import dev.lightkeeper.desired.Content;
import dev.lightkeeper.status.Notice;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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
    void tagsOfOthersAreLeftAloneAndOursAreRestored() {
        flow.cloud.service().tags().put("cost", "web");
        flow.cloud.service().tags().keySet().removeIf(tag -> tag.startsWith("lightkeeper.dev/"));
        flow.run();
        assertThat(flow.told("Ready", "Synced", "Reconciling"))
                .containsExactly("Ready=True/Verified", "Synced=False/TagMismatch", "Reconciling=True/TagMismatch");
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "tag");
        assertThat(flow.cloud.service().tags())
                .containsEntry("cost", "web")
                .containsEntry("lightkeeper.dev/owner", "shop/api")
                .containsEntry("lightkeeper.dev/cluster", Flow.CLUSTER);
    }

    @Test
    void aServiceThatIsGivenToAnotherOwnerByItsTagsIsLetGo() {
        flow.cloud.service().tags().put("lightkeeper.dev/owner", "shop/other");
        flow.until("Stalled", True, Reason.AlreadyManaged);
        flow.assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
    }

    @Test
    void theSameDriftIsNotCorrectedAThirdTimeWithinAnHour() {
        for (int i = 0; i < 2; i++) {
            deployByHand("example.com/api:stale");
            int calls = flow.cloud.calls().size();
            flow.until(() -> flow.cloud.calls().size() > calls).untilReady().pass(Duration.ofMinutes(6));
        }
        assertThat(flow.store.status().automaticActs())
                .extracting(AutomaticAct::kind)
                .containsExactly(AutomaticActKind.Repair, AutomaticActKind.Repair);
        deployByHand("example.com/api:stale");
        flow.until("Stalled", True, Reason.DriftReturned);
        assertThat(flow.told("Ready", "Degraded"))
                .containsExactly("Ready=False/DriftReturned", "Degraded=True/DriftReturned");
        assertThat(flow.message("Stalled"))
                .contains("runs example.com/api:stale")
                .contains("kubectl annotate servicedeployment api -n shop");
        flow.pass(Duration.ofHours(3)).assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly("example.com/api:stale");
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy", "deploy");
        flow.annotate("lightkeeper.dev/retry-requested-at", "now").untilSteady().assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
        assertThat(flow.store.status().automaticActs()).hasSize(1);
    }

    @Test
    void driftThatReturnsStaysEvenAfterARestartAndEndsWithANewSpec() {
        for (int i = 0; i < 2; i++) {
            deployByHand("example.com/api:stale");
            int calls = flow.cloud.calls().size();
            flow.until(() -> flow.cloud.calls().size() > calls).untilReady().pass(Duration.ofMinutes(6));
        }
        deployByHand("example.com/api:stale");
        flow.until("Stalled", True, Reason.DriftReturned);
        flow.restart();
        flow.pass(Duration.ofHours(2)).assertQuiet();
        assertThat(flow.told("Stalled")).containsExactly("Stalled=True/DriftReturned");
        flow.set("/containers/0/image", "example.com/api:2").untilSteady().assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly("example.com/api:2");
    }

    @Test
    void correctionsOfAnEarlierRevisionDoNotCount() {
        for (int i = 0; i < 2; i++) {
            deployByHand("example.com/api:stale");
            int calls = flow.cloud.calls().size();
            flow.until(() -> flow.cloud.calls().size() > calls).untilReady().pass(Duration.ofMinutes(6));
        }
        flow.set("/containers/0/image", "example.com/api:2").untilReady().pass(Duration.ofMinutes(6));
        deployByHand("example.com/api:stale");
        flow.untilSteady();
        assertThat(flow.cloud.service().images()).containsExactly("example.com/api:2");
    }

    @Test
    void driftThatReturnsMoreSlowlyIsCorrectedUntilTheBudgetOfTheDayIsSpent() {
        for (int i = 0; i < 10; i++) {
            deployByHand("example.com/api:stale");
            int calls = flow.cloud.calls().size();
            flow.until(() -> flow.cloud.calls().size() > calls).untilReady().pass(Duration.ofMinutes(60));
        }
        assertThat(flow.cloud.calls()).hasSize(12);
        deployByHand("example.com/api:stale");
        flow.until("Stalled", True, Reason.TooManyFailures);
        assertThat(flow.told("Ready", "Degraded"))
                .containsExactly("Ready=False/TooManyFailures", "Degraded=True/TooManyFailures");
        flow.assertQuiet();
        // Only a retry ends it, not even the right content.
        deployByHand(Manifest.IMAGE);
        flow.pass(Duration.ofMinutes(10));
        flow.set("/driftPolicy", "Correct").set("/scale", "3").pass(Duration.ofMinutes(10));
        assertThat(flow.told("Stalled")).containsExactly("Stalled=True/TooManyFailures");
        flow.annotate("lightkeeper.dev/retry-requested-at", "now").untilSteady().assertQuiet();
    }

    @Test
    void aForeignDeploymentIsOnlyWatchedWhileAwsActivatesIt() {
        flow.cloud
                .service()
                .deploy(Contents.withImage(flow, "example.com/api:stale"), flow.clock.instant(), Duration.ofMinutes(4));
        flow.run();
        assertThat(flow.told("Ready", "Degraded", "Reconciling", "Stalled"))
                .containsExactly(
                        "Ready=True/Verified",
                        "Degraded=False/NotDegraded",
                        "Reconciling=True/WaitingForTransition",
                        "Stalled=-");
        assertThat(flow.store.status().foreign().version()).isEqualTo(2);
        assertThat(flow.store.status().foreign().readyBefore()).isTrue();
        flow.until(() -> flow.cloud.calls().size() == 3).untilSteady().assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
    }

    @Test
    void aServiceThatWasDownIsNotCalledReadyByTheAnswersOfAForeignDeploymentThatIsBeingActivated() {
        flow.prober.answers(status(503));
        flow.until("Degraded", True, Reason.ReadinessFailed);
        flow.cloud
                .service()
                .deploy(
                        Contents.withImage(flow, "example.com/api:hotfix"),
                        flow.clock.instant(),
                        Duration.ofMinutes(4));
        flow.run();
        int told = flow.events.size();
        flow.prober.answers(status(200));
        flow.until("Available", True, Reason.Passing);
        assertThat(flow.told("Ready", "Degraded", "Reconciling"))
                .containsExactly(
                        "Ready=False/WaitingForTransition",
                        "Degraded=False/NotDegraded",
                        "Reconciling=True/WaitingForTransition");
        flow.until("Stalled", True, Reason.ForeignDeployment);
        assertThat(flow.events.subList(told, flow.events.size()))
                .extracting(Notice::reason)
                .containsExactly(Reason.ForeignDeployment);
    }

    @Test
    void whatWasKnownBeforeAForeignDeploymentIsDecidedWhenItIsFirstSeen() {
        flow.cloud
                .service()
                .deploy(Contents.withImage(flow, "example.com/api:stale"), flow.clock.instant(), Duration.ofMinutes(4));
        flow.run();
        flow.prober.answers(status(503));
        flow.until(() -> flow.cloud.calls().size() == 3);
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
    }

    @Test
    void aHotfixAfterAReleaseFailedIsToldAndLeftAlone() {
        flow.set("/rollout/onFailure", "Hold");
        flow.set("/containers/0/image", "example.com/api:2");
        flow.prober.answers(status(503));
        flow.until("Stalled", True, Reason.VerificationFailed);
        deployByHand("example.com/api:hotfix");
        flow.prober.answers(status(200));
        flow.until("Stalled", True, Reason.ForeignDeployment);
        flow.until("Available", True, Reason.Passing);
        flow.pass(Duration.ofMinutes(5)).assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly("example.com/api:hotfix");
        flow.set("/containers/0/image", "example.com/api:hotfix").untilSteady().assertQuiet();
    }

    @Test
    void aClockOfAwsThatRunsAheadHidesNoMiss() {
        flow.prober.answers(status(503));
        flow.pass(Duration.ofSeconds(35));
        flow.prober.answers(status(200));
        flow.pass(Duration.ofSeconds(60));
        flow.cloud
                .service()
                .serveNow(
                        Contents.withImage(flow, "example.com/api:hotfix"),
                        flow.clock.instant().plusSeconds(600));
        flow.until("Stalled", True, Reason.ForeignDeployment);
    }

    @Test
    void aHotfixAfterMissesThatWereNoOutageYetIsLeftAlone() {
        flow.prober.answers(status(503));
        flow.pass(Duration.ofSeconds(35));
        flow.prober.answers(status(200));
        flow.pass(Duration.ofSeconds(60));
        assertThat(flow.told("Ready")).containsExactly("Ready=True/Verified");
        deployByHand("example.com/api:hotfix");
        flow.until("Stalled", True, Reason.ForeignDeployment);
        flow.assertQuiet();
    }

    @Test
    void aForeignDeploymentThatNobodyKnowsTheTimeBeforeOfIsLeftAlone() {
        flow.restart();
        deployByHand("example.com/api:hotfix");
        flow.until("Stalled", True, Reason.ForeignDeployment);
        flow.assertQuiet();
    }

    @Test
    void aForeignDeploymentDuringTheBakeEndsItWithoutAVerdict() {
        flow.set("/containers/0/image", "example.com/api:2").untilReady();
        deployByHand("example.com/api:hotfix");
        flow.until("Stalled", True, Reason.ForeignDeployment);
        assertThat(flow.store.status().rollout()).isNull();
        assertThat(flow.store.status().failed()).isNull();
        assertThat(flow.store.status().history())
                .filteredOn(entry -> entry.revision().equals("2"))
                .noneMatch(entry -> entry.result() == RevisionResult.Failed);
        flow.assertQuiet();
    }

    @Test
    void anEndpointChangedByHandIsCorrected() {
        Content live = flow.cloud.service().content();
        flow.cloud
                .service()
                .serveNow(
                        new Content(
                                live.containers(),
                                new Content.EndpointContent("api", 3697, "/", "200-499", 10, 5, 2, 2)),
                        flow.clock.instant());
        flow.until("Synced", False, Reason.EndpointMismatch);
        assertThat(flow.told("Ready", "Degraded"))
                .containsExactly("Ready=False/EndpointMismatch", "Degraded=True/EndpointMismatch");
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.service().content().endpoint().path()).isEqualTo("/health/live");
    }

    @Test
    void domainsDetachedByHandAreAttachedAgainAndUndeclaredOnesAreLeftAlone() {
        flow.set("/lightsail/publicDomainNames", "[{certificateName: c, domainNames: [a.example.com]}]")
                .untilSteady();
        flow.cloud.service().domainsNow(Map.of("other", List.of("b.example.com")));
        flow.until("Synced", False, Reason.DomainMismatch);
        assertThat(flow.told("Ready", "Degraded")).containsExactly("Ready=True/Verified", "Degraded=False/NotDegraded");
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.service().domains())
                .containsEntry("c", List.of("a.example.com"))
                .containsEntry("other", List.of("b.example.com"));
    }

    @Test
    void afterTwoDaysAwayDriftIsToldForTenMinutesBeforeItIsCorrected() {
        deployByHand("example.com/api:hotfix");
        flow.cloud.service().scaleNow(1);
        flow.restartAfter(Duration.ofDays(2));
        Instant back = flow.clock.instant();
        flow.run();
        assertThat(flow.told("Ready", "Degraded", "Synced", "Reconciling", "Stalled"))
                .containsExactly(
                        "Ready=False/ForeignDeployment",
                        "Degraded=True/ForeignDeployment",
                        "Synced=False/ImageMismatch",
                        "Reconciling=-",
                        "Stalled=True/ForeignDeployment");
        assertThat(flow.store.status().plan()).singleElement().asString().contains("change capacity");
        flow.pass(Duration.ofMinutes(9));
        assertThat(flow.cloud.calls()).hasSize(2);
        flow.until(() -> flow.cloud.service().scale() == 2);
        assertThat(Duration.between(back, flow.clock.instant())).isGreaterThanOrEqualTo(Duration.ofMinutes(10));
        flow.pass(Duration.ofMinutes(5)).assertQuiet();
    }

    @Test
    void driftThatComesRightAfterTheOperatorWasAwayIsToldFirst() {
        flow.restartAfter(Duration.ofDays(2));
        Instant back = flow.clock.instant();
        flow.pass(Duration.ofMinutes(6));
        deployByHand("example.com/api:stale");
        flow.until("Ready", False, Reason.DriftFoundAfterGap);
        assertThat(flow.told("Degraded", "Synced", "Reconciling", "Stalled"))
                .containsExactly(
                        "Degraded=False/NotDegraded", "Synced=False/ImageMismatch", "Reconciling=-", "Stalled=-");
        assertThat(flow.store.status().plan()).singleElement().asString().contains("deploy " + Manifest.IMAGE);
        flow.until(() -> flow.cloud.calls().size() == 3);
        assertThat(Duration.between(back, flow.clock.instant())).isGreaterThanOrEqualTo(Duration.ofMinutes(10));
        flow.untilSteady().assertQuiet();
    }

    @Test
    void aShortAbsenceDelaysNothing() {
        flow.restartAfter(Duration.ofMinutes(8));
        flow.cloud.service().scaleNow(1);
        flow.run();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "update");
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

    @Test
    void aRepairThatAwsFailsIsNotMadeAgain() {
        flow.cloud.cannotStart(Manifest.IMAGE);
        deployByHand("example.com/api:stale");
        flow.until("Stalled", True, Reason.DeploymentFailed);
        flow.pass(Duration.ofHours(2)).assertQuiet();
        assertThat(flow.told("Stalled")).containsExactly("Stalled=True/DeploymentFailed");
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
    }

    @Test
    void aSilenceOfAwsDoesNotShortenTheGraceOfAScaleRaisedByHand() {
        flow.cloud.service().scaleNow(5);
        Instant changed = flow.clock.instant();
        flow.until("Synced", False, Reason.ScaleRaisedByHand);
        flow.cloud.answers(false);
        flow.pass(Duration.ofMinutes(12));
        flow.cloud.answers(true);
        flow.until(() -> flow.cloud.service().scale() == 2);
        assertThat(Duration.between(changed, flow.clock.instant()))
                .isBetween(Duration.ofMinutes(30), Duration.ofMinutes(31));
        flow.untilSteady().assertQuiet();
    }

    @Test
    void aScaleRaisedInAnOutageStaysWhenSomebodyDeploysAFixToo() {
        flow.prober.answers(status(503));
        flow.until("Degraded", True, Reason.ReadinessFailed);
        flow.cloud.service().scaleNow(5);
        flow.until("Synced", False, Reason.ScaleRaisedByHand);
        deployByHand("example.com/api:hotfix");
        flow.until("Stalled", True, Reason.ForeignDeployment);
        flow.pass(Duration.ofMinutes(60));
        assertThat(flow.cloud.service().scale()).isEqualTo(5);
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
    }

    @Test
    void underReportCapacityIsNotRestoredWhileReadyIsUnknownEither() {
        flow.set("/driftPolicy", "Report").run();
        flow.prober.answers(status(429));
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.is("Ready", True, Reason.Verified)).isFalse();
        flow.cloud.service().scaleNow(1);
        flow.pass(Duration.ofMinutes(5));
        flow.cloud.service().scaleNow(5);
        flow.pass(Duration.ofMinutes(40));
        flow.prober.answers(status(200));
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
        assertThat(flow.store.status().plan()).singleElement().asString().contains("nano × 2");
    }

    @Test
    void underReportANewSpecDoesNotRestoreWhatOthersChanged() {
        flow.set("/lightsail/publicDomainNames", "[{certificateName: web, domainNames: [shop.example.com]}]")
                .untilSteady();
        flow.set("/driftPolicy", "Report").run();
        flow.cloud.service().domainsNow(Map.of("web", List.of()));
        flow.cloud.service().scaleNow(1);
        flow.pass(Duration.ofMinutes(2));
        flow.set("/readiness/timeoutSeconds", "4");
        flow.pass(Duration.ofMinutes(10));
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "update");
    }

    @Test
    void underReportWhatTheManifestNewlyAsksForIsDone() {
        flow.set("/driftPolicy", "Report").run();
        flow.set("/lightsail/publicDomainNames", "[{certificateName: web, domainNames: [shop.example.com]}]")
                .set("/containers/0/image", "example.com/api:2")
                .set("/scale", "3")
                .untilSteady()
                .assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "update", "deploy", "update");
    }

    @Test
    void aForeignDeploymentThatIsSeenComingDuringTheBakeEndsItWithoutAVerdict() {
        flow.set("/containers/0/image", "example.com/api:2").untilReady();
        flow.cloud
                .service()
                .deploy(
                        Contents.withImage(flow, "example.com/api:hotfix"),
                        flow.clock.instant(),
                        Duration.ofMinutes(4));
        flow.run();
        flow.until("Stalled", True, Reason.ForeignDeployment);
        assertThat(flow.store.status().rollout()).isNull();
        assertThat(flow.store.status().failed()).isNull();
        flow.assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
    }

    @Test
    void powerRaisedByHandInAnOutageIsLeftUntilTheSpecChanges() {
        flow.prober.answers(status(503));
        flow.until("Degraded", True, Reason.ReadinessFailed);
        flow.cloud.service().powerNow("small");
        flow.pass(Duration.ofMinutes(30));
        assertThat(flow.cloud.service().power()).isEqualTo("small");
        assertThat(flow.message("Synced")).contains("left until the spec changes");
        flow.prober.answers(status(200));
        flow.pass(Duration.ofMinutes(30)).assertQuiet();
        assertThat(flow.told("Ready")).containsExactly("Ready=True/Verified");
        assertThat(flow.cloud.service().power())
                .as("the fix is not taken away once it works")
                .isEqualTo("small");
        flow.cloud.service().scaleNow(1);
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.cloud.service().scale()).isEqualTo(2);
        flow.set("/rollout/bakeSeconds", "500").untilSteady().assertQuiet();
        assertThat(flow.cloud.service().power()).isEqualTo("nano");
    }

    @Test
    void powerThatWasLeftIsCorrectedByARetryRequest() {
        flow.prober.answers(status(503));
        flow.until("Degraded", True, Reason.ReadinessFailed);
        flow.cloud.service().powerNow("small");
        flow.pass(Duration.ofMinutes(5));
        flow.prober.answers(status(200));
        flow.annotate("lightkeeper.dev/retry-requested-at", "now").untilSteady().assertQuiet();
        assertThat(flow.cloud.service().power()).isEqualTo("nano");
    }

    @Test
    void domainsDetachedByHandInAnOutageAreLeftToo() {
        flow.set("/lightsail/publicDomainNames", "[{certificateName: web, domainNames: [shop.example.com]}]")
                .untilSteady();
        flow.prober.answers(status(503));
        flow.until("Degraded", True, Reason.ReadinessFailed);
        flow.cloud.service().domainsNow(Map.of("web", List.of()));
        flow.pass(Duration.ofMinutes(30));
        assertThat(flow.cloud.service().domains().getOrDefault("web", List.of()))
                .isEmpty();
    }

    @Test
    void aScaleRaisedByHandHasItsHalfHourAlsoWhenTheSpecIsEditedMeanwhile() {
        flow.cloud.service().scaleNow(5);
        flow.set("/rollout/bakeSeconds", "500").pass(Duration.ofMinutes(5));
        assertThat(flow.cloud.service().scale()).isEqualTo(5);
        flow.until(() -> flow.cloud.service().scale() == 2);
        flow.untilSteady().assertQuiet();
    }

    @Test
    void aRepairWhoseStoredImageIsGoneIsNotCalled() {
        Flow stored = new Flow();
        stored.manifest.initially("/containers/0/image", "':api.main.7'");
        stored.cloud.store(":api.main.7");
        stored.untilSteady().pass(Duration.ofMinutes(10));
        stored.cloud.unstore(":api.main.7");
        Contents.deployByHand(stored, "example.com/api:stale");
        stored.pass(Duration.ofMinutes(10));
        assertThat(stored.cloud.calls()).containsExactly("create", "deploy");
        assertThat(stored.told("Ready")).containsExactly("Ready=False/ImageNotFound");
        stored.cloud.store(":api.main.7");
        stored.untilSteady().assertQuiet();
        assertThat(stored.cloud.calls()).containsExactly("create", "deploy", "deploy");
    }
}
