package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.Manifests;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.Observed;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When many services of an account begin to fail at once, nothing is deployed by itself there for a quarter of an hour. */
class BreakerFlowTest {
    private static final String BAD = "example.com/api:bad";

    private final Flow flow = new Flow();

    @BeforeEach
    void steady() {
        flow.untilSteady();
        flow.pass(Duration.ofMinutes(10));
        flow.prober.sick(BAD);
    }

    @AfterEach
    void nothingForbiddenWasCalled() {
        assertThat(flow.cloud.offences()).isEmpty();
    }

    private void untilVerifying(String image) {
        flow.set("/containers/0/image", image).until("Reconciling", True, Reason.Verifying);
    }

    private void untilRolledBack() {
        flow.until("Stalled", True, Reason.RolledBack);
    }

    @Test
    void noReleaseIsTakenBackMeanwhileAndItsClocksStandStill() {
        untilVerifying(BAD);
        flow.pass(Duration.ofMinutes(5)).othersFail(3, 2);
        Instant opened = flow.clock.instant();
        flow.pass(Duration.ofMinutes(11));
        assertThat(flow.told("Ready", "Reconciling", "Stalled"))
                .containsExactly("Ready=False/AutomationPaused", "Reconciling=True/AutomationPaused", "Stalled=-");
        assertThat(flow.store.status().rollout().pausedTime()).isNotNull();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
        flow.assertQuiet();
        untilRolledBack();
        assertThat(Duration.between(opened, flow.clock.instant())).isGreaterThan(Duration.ofMinutes(15));
    }

    @Test
    void whatProvesItselfMeanwhileIsVerified() {
        untilVerifying(BAD);
        flow.othersFail(3, 2).pass(Duration.ofMinutes(5));
        flow.prober.cured(BAD);
        flow.untilReady();
    }

    @Test
    void whatFailsInItsBakeIsNotTakenBackMeanwhile() {
        flow.set("/containers/0/image", "example.com/api:2").untilReady();
        flow.othersFail(3, 2);
        flow.prober.sick("example.com/api:2");
        flow.until("Reconciling", True, Reason.AutomationPaused);
        flow.pass(Duration.ofMinutes(10));
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
        untilRolledBack();
    }

    @Test
    void driftIsToldAndRepairedAfterwards() {
        flow.othersFail(3, 2);
        Contents.deployByHand(flow, "example.com/api:stale");
        flow.cloud.service().scaleNow(1);
        flow.pass(Duration.ofMinutes(9));
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
        assertThat(flow.told("Ready", "Reconciling", "Degraded", "Synced"))
                .containsExactly(
                        "Ready=False/AutomationPaused",
                        "Reconciling=True/AutomationPaused",
                        "Degraded=True/AutomationPaused",
                        "Synced=False/ImageMismatch");
        flow.assertQuiet();
        flow.until(() -> flow.cloud.calls().size() == 4).untilSteady();
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
        assertThat(flow.cloud.service().scale()).isEqualTo(2);
    }

    @Test
    void underReportDriftIsNotSaidToBeRepairedLater() {
        flow.set("/driftPolicy", "Report").run();
        flow.othersFail(3, 2);
        Contents.deployByHand(flow, "example.com/api:stale");
        flow.pass(Duration.ofMinutes(2));
        assertThat(flow.told("Ready", "Reconciling")).containsExactly("Ready=False/ImageMismatch", "Reconciling=-");
    }

    @Test
    void aNewReleaseIsDeployedAllTheSame() {
        flow.othersFail(3, 2);
        flow.set("/containers/0/image", "example.com/api:2").untilReady();
    }

    @Test
    void tooFewOthersHoldNothingUp() {
        untilVerifying(BAD);
        flow.othersFail(2, 1);
        Instant then = flow.clock.instant();
        untilRolledBack();
        assertThat(Duration.between(then, flow.clock.instant())).isLessThan(Duration.ofMinutes(14));
    }

    @Test
    void tooSmallAShareHoldsNothingUp() {
        untilVerifying(BAD);
        flow.othersFail(3, 17);
        Instant then = flow.clock.instant();
        untilRolledBack();
        assertThat(Duration.between(then, flow.clock.instant())).isLessThan(Duration.ofMinutes(14));
    }

    @Test
    void whatFailsInItsOwnRolloutIsNotCounted() {
        untilVerifying(BAD);
        flow.othersFail(2, 0);
        Instant then = flow.clock.instant();
        untilRolledBack();
        assertThat(Duration.between(then, flow.clock.instant())).isLessThan(Duration.ofMinutes(14));
    }

    @Test
    void whatBeginsToFailOutsideOfARolloutIsCounted() {
        flow.prober.sick(Manifest.IMAGE);
        flow.othersFail(2, 1);
        flow.until("Degraded", True, Reason.ReadinessFailed);
        assertThat(flow.breaker.isOpen(Manifests.awsAccount("default"))).isTrue();
    }

    @Test
    void whoAsksForACorrectionGetsItAllTheSame() {
        flow.othersFail(3, 2);
        Contents.deployByHand(flow, "example.com/api:stale");
        flow.pass(Duration.ofMinutes(1));
        flow.annotate("lightkeeper.dev/retry-requested-at", "now").run();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
    }

    @Test
    void aVerdictThatWaitsStillWaitsInAnotherProcessThatKnowsNothingOfTheOthers() {
        untilVerifying(BAD);
        flow.othersFail(3, 2).pass(Duration.ofMinutes(7));
        flow.restart();
        flow.pass(Duration.ofMinutes(7));
        assertThat(flow.told("Reconciling")).containsExactly("Reconciling=True/AutomationPaused");
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
        untilRolledBack();
    }

    @Test
    void anotherProcessGoesOnFromWhatTheAccountSays() {
        flow.automationStopped = new Observed.Present<>(flow.clock.instant());
        flow.restart();
        flow.pass(Duration.ofMinutes(7));
        Contents.deployByHand(flow, "example.com/api:stale");
        flow.pass(Duration.ofMinutes(7));
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
        flow.until(() -> flow.cloud.calls().size() == 3).untilSteady();
    }

    @Test
    void aNewProcessTakesNothingBackBeforeItWouldKnowOfOthersThatFail() {
        untilVerifying(BAD);
        flow.pass(Duration.ofMinutes(5));
        Instant again = flow.clock.instant();
        flow.restartAfter(Duration.ofMinutes(5));
        flow.pass(Duration.ofMinutes(1)).othersFail(3, 2);
        flow.pass(Duration.ofMinutes(10));
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
        untilRolledBack();
        assertThat(Duration.between(again, flow.clock.instant())).isGreaterThan(Duration.ofMinutes(20));
    }

    @Test
    void whatFailsInItsBakeIsNotDecidedByAProcessThatHasJustBegun() {
        flow.set("/containers/0/image", "example.com/api:2").untilReady();
        flow.pass(Duration.ofMinutes(8));
        flow.restart();
        flow.prober.sick("example.com/api:2");
        flow.pass(Duration.ofSeconds(110));
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
        untilRolledBack();
    }

    @Test
    void whileTheAccountCannotBeReadNothingIsTakenBack() {
        untilVerifying(BAD);
        flow.automationStopped = new Observed.Unknown<>(new Failure.Transient("503", "no answer", false));
        flow.restart();
        flow.pass(Duration.ofMinutes(30));
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
        flow.automationStopped = new Observed.Absent<>();
        untilRolledBack();
    }

    @Test
    void aRollbackThatAwsHasNotTakenYetWaitsToo() {
        untilVerifying(BAD);
        flow.nextCall(new FakeCloud.Fault.Refuses(new Failure.Conflict("InvalidInput", "busy")));
        flow.until("Reconciling", True, Reason.RollingBack).othersFail(3, 2);
        flow.pass(Duration.ofMinutes(14));
        assertThat(flow.told("Reconciling", "Degraded"))
                .containsExactly("Reconciling=True/AutomationPaused", "Degraded=True/AutomationPaused");
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
        untilRolledBack();
    }

    @Test
    void aRollbackThatIsRequestedIsMadeAllTheSame() {
        flow.set("/containers/0/image", "example.com/api:2").untilSteady();
        flow.othersFail(3, 2);
        flow.annotate("lightkeeper.dev/rollback-requested-at", "monday")
                .until(() -> flow.cloud.service().images().contains(Manifest.IMAGE));
        assertThat(flow.cloud.calls()).hasSize(4);
    }

    @Test
    void suspendingIsToldBeforeIt() {
        flow.set("/containers/0/image", "example.com/api:2").untilReady();
        flow.set("/suspend", "true").run();
        flow.prober.sick("example.com/api:2");
        flow.othersFail(3, 2).pass(Duration.ofHours(1));
        assertThat(flow.store.status().failed()).isNull();
    }
}
