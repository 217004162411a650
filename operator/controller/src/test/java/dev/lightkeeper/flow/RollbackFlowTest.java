package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static dev.lightkeeper.flow.FakeProber.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.AutomaticAct;
import dev.lightkeeper.api.v1alpha1.AutomaticActKind;
import dev.lightkeeper.api.v1alpha1.FailedRevision;
import dev.lightkeeper.api.v1alpha1.HistoryEntry;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RevisionResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A bad release is taken back to the one that was verified before it, and only then. */
class RollbackFlowTest {
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

    private void release(String image) {
        flow.set("/containers/0/image", image);
    }

    private void untilRolledBack() {
        flow.until("Stalled", True, Reason.RolledBack);
    }

    private void retry(String value) {
        flow.annotate("lightkeeper.dev/retry-requested-at", value);
    }

    private void rollBackTo(String revision, String value) {
        flow.annotate("lightkeeper.dev/rollback-to", revision);
        flow.annotate("lightkeeper.dev/rollback-requested-at", value);
    }

    @Test
    void aBakeThatEndedWhileTheOperatorWasAwayIsJudgedByALookAndNotByWhatWasSeenBefore() {
        release("example.com/api:2");
        flow.untilReady();
        flow.prober.sick("example.com/api:2");
        flow.restartAfter(Duration.ofMinutes(30));
        flow.run();
        assertThat(flow.store.status().lastVerifiedRevision()).isEqualTo("1");
        untilRolledBack();
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
    }

    @Test
    void aBakeThatEndedWellWhileTheOperatorWasAwayEndsAfterALook() {
        release("example.com/api:2");
        flow.untilReady();
        flow.restartAfter(Duration.ofMinutes(30));
        flow.pass(Duration.ofMinutes(2));
        assertThat(flow.store.status().lastVerifiedRevision()).isEqualTo("2");
        flow.assertQuiet();
    }

    @Test
    void aReleaseThatDoesNotProveItselfIsTakenBackAndTheOldOneIsProvedAgain() {
        release(BAD);
        flow.until("Reconciling", True, Reason.RollingBack);
        assertThat(flow.told("Ready", "Degraded", "Stalled"))
                .containsExactly("Ready=False/RollingBack", "Degraded=True/RollingBack", "Stalled=-");
        flow.until(() -> flow.cloud.service().images().contains(Manifest.IMAGE));
        assertThat(flow.told("Stalled")).as("not before it is proved").containsExactly("Stalled=-");
        untilRolledBack();
        assertThat(flow.told("Ready", "Degraded", "Available", "Reconciling", "Synced"))
                .containsExactly(
                        "Ready=False/RolledBack",
                        "Degraded=True/RolledBack",
                        "Available=True/Passing",
                        "Reconciling=-",
                        "Synced=False/ImageMismatch");
        assertThat(flow.message("Stalled"))
                .contains("revision 2")
                .contains("503")
                .contains("revision 1");
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy", "deploy");
        assertThat(flow.store.status().currentRevision()).isEqualTo("1");
        assertThat(flow.store.status().updateRevision()).isEqualTo("2");
        assertThat(flow.store.status().automaticActs())
                .extracting(AutomaticAct::kind)
                .containsExactly(AutomaticActKind.Rollback);
        assertThat(flow.store.status().history())
                .extracting(HistoryEntry::result)
                .containsExactly(RevisionResult.RolledBack, RevisionResult.Verified);
        flow.pass(Duration.ofHours(3)).assertQuiet();
        assertThat(flow.cloud.calls()).hasSize(4);
    }

    @Test
    void aReleaseThatFailsInItsBakeIsTakenBackToo() {
        release("example.com/api:2");
        flow.untilReady();
        flow.prober.sick("example.com/api:2");
        untilRolledBack();
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
        flow.assertQuiet();
    }

    @Test
    void afterTheBakeAFailingCheckNeverDeploys() {
        release("example.com/api:2");
        flow.untilSteady();
        flow.prober.sick("example.com/api:2");
        flow.pass(Duration.ofHours(1));
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
        assertThat(flow.told("Ready", "Degraded", "Stalled"))
                .containsExactly("Ready=False/ReadinessFailed", "Degraded=True/ReadinessFailed", "Stalled=-");
    }

    @Test
    void theOldOneIsJudgedByItsOwnContract() {
        flow.set("/readiness/path", "/health/new");
        release(BAD);
        flow.until(() -> flow.cloud.calls().size() == 4);
        untilRolledBack();
        assertThat(flow.prober.requests().getLast().uri().getPath()).isEqualTo("/health/ready");
        assertThat(flow.told("Available")).containsExactly("Available=True/Passing");
    }

    @Test
    void aServiceThatWasNotAvailableBeforeIsNoPlaceToGoBackTo() {
        flow.prober.sick(Manifest.IMAGE);
        flow.until("Degraded", True, Reason.ReadinessFailed);
        release(BAD);
        flow.until("Stalled", True, Reason.RollbackWithheld);
        assertThat(flow.told("Ready", "Degraded"))
                .containsExactly("Ready=False/RollbackWithheld", "Degraded=True/RollbackWithheld");
        flow.pass(Duration.ofHours(1)).assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly(BAD);
        flow.prober.cured(BAD);
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
    }

    @Test
    void underHoldTheReleaseStaysLive() {
        flow.set("/rollout/onFailure", "Hold");
        release(BAD);
        flow.until("Stalled", True, Reason.VerificationFailed);
        flow.pass(Duration.ofHours(1)).assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly(BAD);
    }

    @Test
    void withoutAVerifiedRevisionTheFirstReleaseStaysLive() {
        Flow first = new Flow();
        first.prober.answers(status(503));
        first.until("Stalled", True, Reason.NoRollbackTarget);
        first.pass(Duration.ofHours(1)).assertQuiet();
        assertThat(first.cloud.calls()).containsExactly("create", "deploy");
        assertThat(first.told("Available")).containsExactly("Available=False/ReadinessFailed");
        first.prober.answers(status(200));
        first.untilSteady().assertQuiet();
    }

    @Test
    void aReleaseThatStaysLiveIsProvedWithoutADeploymentWhenOnlyItsCheckWasWrong() {
        Flow first = new Flow();
        first.prober.at("/health/ready", asked -> status(503));
        first.until("Stalled", True, Reason.NoRollbackTarget);
        first.set("/readiness/path", "/health/live").untilSteady().assertQuiet();
        assertThat(first.cloud.calls()).containsExactly("create", "deploy");
    }

    @Test
    void whatWasFailedIsNotTriedAgainUntilSomethingOfItChanges() {
        release(BAD);
        untilRolledBack();
        flow.set("/scale", "3").until(() -> flow.cloud.service().scale() == 3);
        flow.pass(Duration.ofMinutes(30));
        assertThat(flow.told("Stalled")).containsExactly("Stalled=True/RolledBack");
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy", "deploy", "update");
        release("example.com/api:3");
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly("example.com/api:3");
    }

    @Test
    void theSameReleaseGetsAnotherAttemptByARetryRequest() {
        release(BAD);
        untilRolledBack();
        flow.prober.cured(BAD);
        flow.pass(Duration.ofMinutes(30));
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
        retry("now");
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly(BAD);
    }

    @Test
    void revertingTheManifestEndsTheFailureWithoutACall() {
        release(BAD);
        untilRolledBack();
        release(Manifest.IMAGE);
        flow.untilReady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy", "deploy");
        assertThat(flow.store.status().failed()).isNull();
    }

    @Test
    void aNewerSpecWhileRollingBackWaitsForAwsAndIsThenDeployed() {
        release(BAD);
        flow.until("Reconciling", True, Reason.RollingBack);
        release("example.com/api:3");
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly("example.com/api:3");
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy", "deploy", "deploy");
        assertThat(flow.store.status().lastVerifiedRevision()).isEqualTo("3");
    }

    @Test
    void aReleaseThatSupersedesOneThatWasNotProvedGoesBackToTheSameTarget() {
        release("example.com/api:2");
        flow.until("Reconciling", True, Reason.Verifying);
        release(BAD);
        untilRolledBack();
        assertThat(flow.store.status().currentRevision()).isEqualTo("1");
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
    }

    @Test
    void powerGoesBackWithTheRelease() {
        flow.set("/lightsail/power", "small");
        release(BAD);
        untilRolledBack();
        assertThat(flow.cloud.service().power()).isEqualTo("nano");
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
        flow.assertQuiet();
    }

    @Test
    void aRollbackThatAwsFailsIsToldAndNothingFurtherIsTried() {
        release(BAD);
        flow.until("Reconciling", True, Reason.Verifying);
        flow.cloud.cannotStart(Manifest.IMAGE);
        flow.until("Stalled", True, Reason.RollbackFailed);
        flow.pass(Duration.ofHours(2)).assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy", "deploy");
        assertThat(flow.told("Ready", "Degraded"))
                .containsExactly("Ready=False/RollbackFailed", "Degraded=True/RollbackFailed");
    }

    @Test
    void aRollbackThatDoesNotProveItselfIsToldAndNothingFurtherIsTried() {
        release(BAD);
        flow.until("Reconciling", True, Reason.RollingBack);
        flow.prober.sick(Manifest.IMAGE);
        flow.until("Stalled", True, Reason.RollbackFailed);
        flow.pass(Duration.ofHours(2)).assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy", "deploy");
    }

    @Test
    void aLostAnswerOfTheRollbackIsLookedUpAndNotSentTwice() {
        release(BAD);
        flow.until("Reconciling", True, Reason.Verifying);
        flow.nextCall(new FakeCloud.Fault.LostAfter());
        untilRolledBack();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy", "deploy");
    }

    @Test
    void aRestartOfTheOperatorAtAnyMomentChangesNothingOfARollback() {
        release(BAD);
        flow.until("Reconciling", True, Reason.RollingBack);
        flow.restart();
        flow.until(() -> flow.cloud.service().images().contains(Manifest.IMAGE));
        flow.restart();
        untilRolledBack();
        flow.restart();
        flow.pass(Duration.ofHours(1)).assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy", "deploy");
    }

    @Test
    void nothingIsTakenBackWhileSuspended() {
        release(BAD);
        flow.until("Reconciling", True, Reason.Verifying);
        flow.set("/suspend", "true");
        flow.pass(Duration.ofHours(1));
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
        flow.set("/suspend", "false");
        untilRolledBack();
    }

    @Test
    void aRollbackThatIsRequestedWhileSuspendedIsSaidToWaitAndMadeAfterwards() {
        release("example.com/api:2");
        flow.untilSteady();
        flow.set("/suspend", "true").run();
        assertThat(flow.message("Suspended")).isEqualTo("spec.suspend is true: nothing is changed");
        rollBackTo("previous", "monday");
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.message("Suspended"))
                .endsWith("what lightkeeper.dev/rollback-requested-at asks for waits for the resume");
        assertThat(flow.cloud.calls()).hasSize(3);
        flow.set("/suspend", "false").until("Stalled", True, Reason.ManualRollback);
    }

    @Test
    void aRollbackThatIsRequestedHoldsTheSpecUntilItChanges() {
        release("example.com/api:2");
        flow.untilSteady();
        rollBackTo("previous", "monday");
        flow.until("Stalled", True, Reason.ManualRollback);
        flow.until(() -> flow.store.status().rollout() == null);
        assertThat(flow.told("Ready", "Degraded", "Available"))
                .containsExactly("Ready=False/ManualRollback", "Degraded=False/NotDegraded", "Available=True/Passing");
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
        assertThat(flow.store.status().failed())
                .extracting(FailedRevision::revision)
                .isEqualTo("2");
        assertThat(flow.store.status().automaticActs()).isEmpty();
        flow.pass(Duration.ofHours(1)).assertQuiet();
        release("example.com/api:3");
        flow.untilSteady().assertQuiet();
    }

    @Test
    void aRetryEndsARequestedRollback() {
        release("example.com/api:2");
        flow.untilSteady();
        rollBackTo("1", "monday");
        flow.until(() -> flow.is("Stalled", True, Reason.ManualRollback)
                && flow.store.status().rollout() == null);
        retry("now");
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly("example.com/api:2");
    }

    @Test
    void aRollbackToWhatIsUnknownOrFailedIsRefusedByAnEvent() {
        rollBackTo("17", "monday");
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.events)
                .filteredOn(notice -> notice.reason() == Reason.RollbackRefused)
                .hasSize(1);
        release(BAD);
        untilRolledBack();
        rollBackTo("2", "tuesday");
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.events)
                .filteredOn(notice -> notice.reason() == Reason.RollbackRefused)
                .hasSize(2);
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy", "deploy");
    }

    @Test
    void aFixByHandAfterARollbackIsLeftAlone() {
        release(BAD);
        untilRolledBack();
        Contents.deployByHand(flow, "example.com/api:hotfix");
        flow.until("Stalled", True, Reason.ForeignDeployment);
        flow.pass(Duration.ofHours(1)).assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly("example.com/api:hotfix");
    }

    @Test
    void anOperatorThatWasAwayProbesWhatServesBeforeItReplacesIt() {
        Instant away = flow.clock.instant();
        release(BAD);
        flow.restartAfter(Duration.ofDays(2));
        untilRolledBack();
        assertThat(Duration.between(away, flow.clock.instant())).isGreaterThan(Duration.ofDays(2));
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
    }

    @Test
    void aSecretThatIsRotatedAtNightDoesNotBringTheBadReleaseBack() {
        flow.references.secret("db", Map.of("url", "postgres://u:one@db"));
        flow.references.configMap("limits", Map.of("MAX", "1"));
        flow.set("/containers/0/envFrom", "[{secretRef: {name: db}, prefix: DB_}, {configMapRef: {name: limits}}]")
                .untilSteady();
        release(BAD);
        untilRolledBack();
        int calls = flow.cloud.calls().size();
        flow.references.secret("db", Map.of("url", "postgres://u:two@db"));
        flow.pass(Duration.ofHours(2)).assertQuiet();
        assertThat(flow.cloud.calls()).hasSize(calls + 1);
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
        assertThat(flow.told("Stalled", "Available"))
                .containsExactly("Stalled=True/RolledBack", "Available=True/Passing");
        flow.prober.cured(BAD);
        flow.references.configMap("limits", Map.of("MAX", "2"));
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly(BAD);
    }

    @Test
    void aContractThatChangesGivesTheFailedReleaseOneMoreAttempt() {
        release(BAD);
        untilRolledBack();
        flow.prober.cured(BAD);
        flow.set("/verification/deadlineSeconds", "400").untilSteady().assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly(BAD);
    }

    @Test
    void nothingIsTakenBackThatIsOnlyObserved() {
        release(BAD);
        flow.until("Reconciling", True, Reason.Verifying);
        flow.set("/managementPolicy", "Observe");
        flow.until("Stalled", True, Reason.VerificationFailed);
        assertThat(flow.message("Stalled")).contains("managementPolicy is Observe");
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
    }

    @Test
    void aFailureInTheBakeIsNotDecidedWhileSuspended() {
        release("example.com/api:2");
        flow.untilReady();
        flow.set("/suspend", "true").run();
        flow.prober.sick("example.com/api:2");
        flow.until("Degraded", True, Reason.ReadinessFailed);
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.store.status().failed()).isNull();
        flow.set("/suspend", "false");
        untilRolledBack();
    }

    @Test
    void aRestartThatFailsHasNowhereElseToGo() {
        flow.annotate("lightkeeper.dev/restart-requested-at", "monday");
        flow.until("Reconciling", True, Reason.RestartRequested);
        flow.prober.sick(Manifest.IMAGE);
        flow.until("Stalled", True, Reason.NoRollbackTarget);
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
    }

    @Test
    void aTargetWhoseStoredImageIsGoneIsNone() {
        Flow stored = new Flow();
        stored.manifest.initially("/containers/0/image", "':api.main.7'");
        stored.cloud.store(":api.main.7");
        stored.cloud.store(":api.main.8");
        stored.untilSteady();
        stored.prober.sick(":api.main.8");
        stored.set("/containers/0/image", "':api.main.8'").until("Reconciling", True, Reason.Verifying);
        stored.cloud.unstore(":api.main.7");
        stored.until("Stalled", True, Reason.NoRollbackTarget);
        assertThat(stored.message("Stalled")).contains(":api.main.7");
        stored.annotate("lightkeeper.dev/rollback-requested-at", "monday").pass(Duration.ofMinutes(5));
        assertThat(stored.events).anyMatch(notice -> notice.reason() == Reason.RollbackRefused);
        assertThat(stored.cloud.service().images()).containsExactly(":api.main.8");
    }

    @Test
    void whoHasDeployedTenTimesByItselfWithinADayTakesNothingBackEither() {
        for (int i = 0; i < 10; i++) {
            Contents.deployByHand(flow, "example.com/api:stale");
            int calls = flow.cloud.calls().size();
            flow.until(() -> flow.cloud.calls().size() > calls).untilReady().pass(Duration.ofMinutes(61));
        }
        release(BAD);
        flow.until("Stalled", True, Reason.TooManyFailures);
        flow.pass(Duration.ofHours(1)).assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly(BAD);
    }

    @Test
    void aRequestedRollbackIsEndedByRequestingTheHeldRevision() {
        release("example.com/api:2");
        flow.untilSteady();
        rollBackTo("1", "monday");
        flow.until(() -> flow.is("Stalled", True, Reason.ManualRollback)
                && flow.store.status().rollout() == null);
        rollBackTo("2", "tuesday");
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly("example.com/api:2");
    }

    @Test
    void aRollbackThatNobodyCanJudgeYetIsLookedAtOn() {
        release(BAD);
        flow.until("Reconciling", True, Reason.RollingBack);
        flow.prober.answers(status(429));
        flow.pass(Duration.ofMinutes(30));
        assertThat(flow.told("Reconciling", "Stalled")).containsExactly("Reconciling=True/RollingBack", "Stalled=-");
        flow.prober.answers(status(200));
        untilRolledBack();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy", "deploy");
    }

    @Test
    void aRetryWhileARollbackIsActivatedDeploysTheReleaseAgainWhateverBecomesOfTheRollback() {
        release(BAD);
        flow.until("Reconciling", True, Reason.Verifying);
        flow.cloud.cannotStart(Manifest.IMAGE);
        flow.until(() -> flow.cloud.calls().size() == 4);
        flow.prober.cured(BAD);
        retry("now");
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly(BAD);
    }

    @Test
    void aRollbackOfWhichAwsMakesSomethingElseIsToldAndNothingFurtherIsTried() {
        release(BAD);
        flow.until("Reconciling", True, Reason.Verifying);
        flow.cloud.activates(sent -> Contents.withImage(flow, "example.com/api:other"));
        flow.until("Stalled", True, Reason.RollbackFailed);
        assertThat(flow.message("Stalled")).contains("not what was sent");
        flow.pass(Duration.ofHours(1)).assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy", "deploy");
    }
}
