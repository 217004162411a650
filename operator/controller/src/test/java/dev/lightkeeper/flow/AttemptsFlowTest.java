package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.AutomaticAct;
import dev.lightkeeper.api.v1alpha1.AutomaticActKind;
import dev.lightkeeper.api.v1alpha1.HistoryEntry;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RevisionResult;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.flow.FakeCloud.Fault;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A release that fails is deployed again as often as rollout.maxAttempts says, and only then counts as failed. */
class AttemptsFlowTest {
    private static final String NEXT = "example.com/api:next";

    private final Flow flow = new Flow();

    @BeforeEach
    void steady() {
        flow.manifest.initially("/rollout/maxAttempts", "2");
        flow.untilSteady();
    }

    @AfterEach
    void nothingForbiddenWasCalled() {
        assertThat(flow.cloud.offences()).isEmpty();
    }

    private void release(String image) {
        flow.set("/containers/0/image", image);
    }

    private void untilAttempt(int number) {
        flow.until(() -> flow.store.status().rollout() != null
                && flow.store.status().rollout().attempt() == number);
    }

    private Stream<AutomaticActKind> acts() {
        return flow.store.status().automaticActs().stream().map(AutomaticAct::kind);
    }

    static Stream<Fault> faults() {
        return Stream.of(
                new Fault.LostBefore(),
                new Fault.LostAfter(),
                new Fault.Refuses(new Failure.Conflict("InvalidInput", "busy")));
    }

    @Test
    void aReleaseThatAwsFailsIsDeployedOnceMoreAndMayProveItself() {
        flow.cloud.cannotStart(NEXT);
        release(NEXT);
        untilAttempt(2);
        flow.cloud.canStart(NEXT);
        assertThat(flow.store.status().failed()).isNull();
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy", "deploy");
        assertThat(acts()).containsExactly(AutomaticActKind.Retry);
        assertThat(flow.store.status().history())
                .extracting(HistoryEntry::result)
                .containsExactly(RevisionResult.Verified, RevisionResult.Verified);
    }

    @Test
    void aReleaseThatAwsFailsEachTimeHasFailed() {
        flow.cloud.cannotStart(NEXT);
        release(NEXT);
        flow.run();
        flow.until("Stalled", True, Reason.DeploymentFailed);
        flow.pass(Duration.ofHours(1)).assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy", "deploy");
    }

    @Test
    void aFailureThatComesAtOnceIsToldApartFromTheNextAttempt() {
        flow.cloud.activationTakes(Duration.ofSeconds(20));
        flow.cloud.cannotStart(NEXT);
        release(NEXT);
        flow.run();
        flow.until(() -> flow.message("Reconciling").contains("deployed again"));
        flow.cloud.canStart(NEXT);
        flow.nextCall(new Fault.LostBefore());
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly(NEXT);
    }

    @Test
    void aReleaseThatDoesNotProveItselfIsDeployedOnceMoreBeforeItIsTakenBack() {
        flow.prober.sick(NEXT);
        release(NEXT);
        untilAttempt(2);
        assertThat(flow.told("Ready", "Reconciling", "Stalled"))
                .containsExactly("Ready=False/ReadinessFailed", "Reconciling=True/Deploying", "Stalled=-");
        flow.until("Stalled", True, Reason.RolledBack);
        flow.pass(Duration.ofHours(1)).assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy", "deploy", "deploy");
        assertThat(acts()).containsExactly(AutomaticActKind.Retry, AutomaticActKind.Rollback);
        assertThat(flow.store.status().history())
                .extracting(HistoryEntry::revision)
                .containsExactly("2", "1");
    }

    @Test
    void theSecondAttemptHasTheWholeTimeToProveItself() {
        flow.prober.sick(NEXT);
        release(NEXT);
        untilAttempt(2);
        flow.prober.cured(NEXT);
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy", "deploy");
    }

    @Test
    void underHoldItStaysLiveOnlyAfterTheLastAttempt() {
        flow.set("/rollout/onFailure", "Hold");
        flow.prober.sick(NEXT);
        release(NEXT);
        flow.until("Stalled", True, Reason.VerificationFailed);
        flow.pass(Duration.ofHours(1)).assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy", "deploy");
        assertThat(flow.cloud.service().images()).containsExactly(NEXT);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aSecondAttemptThatMeetsAFaultIsStillTheSecond(Fault fault) {
        flow.prober.sick(NEXT);
        release(NEXT);
        flow.until("Reconciling", True, Reason.Verifying);
        flow.nextCall(fault);
        untilAttempt(2);
        flow.restart();
        flow.until("Stalled", True, Reason.RolledBack);
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy", "deploy", "deploy");
        assertThat(acts()).containsExactly(AutomaticActKind.Retry, AutomaticActKind.Rollback);
    }

    @Test
    void whatWasVerifiedIsTakenBackWithoutAnotherAttempt() {
        release(NEXT);
        flow.untilReady();
        flow.prober.sick(NEXT);
        flow.until("Stalled", True, Reason.RolledBack);
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy", "deploy");
    }

    @Test
    void aNewerSpecIsDeployedInsteadOfTheNextAttempt() {
        flow.cloud.cannotStart(NEXT);
        release(NEXT);
        flow.until("Reconciling", True, Reason.Activating);
        release("example.com/api:newer");
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy", "deploy");
        assertThat(acts()).isEmpty();
    }

    @Test
    void aReferenceThatCannotBeReadJustThenTakesNoAttemptAway() {
        flow.references.configMap("limits", Map.of("MAX", "1"));
        flow.set("/containers/0/envFrom", "[{configMapRef: {name: limits}}]").untilSteady();
        flow.cloud.cannotStart(NEXT);
        release(NEXT);
        flow.until("Reconciling", True, Reason.Activating);
        flow.references.readable(false);
        untilAttempt(2);
        flow.cloud.canStart(NEXT);
        flow.references.readable(true);
        flow.untilSteady();
        assertThat(flow.cloud.service().images()).containsExactly(NEXT);
    }

    @Test
    void whileSuspendedTheNextAttemptWaits() {
        flow.cloud.cannotStart(NEXT);
        release(NEXT);
        flow.until("Reconciling", True, Reason.Activating);
        flow.set("/suspend", "true").pass(Duration.ofHours(1));
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
        flow.cloud.canStart(NEXT);
        flow.set("/suspend", "false").untilSteady();
    }

    @Test
    void whoMayOnlyObserveMakesNoFurtherAttempt() {
        flow.cloud.cannotStart(NEXT);
        release(NEXT);
        flow.until("Reconciling", True, Reason.Activating);
        flow.set("/managementPolicy", "Observe").until("Stalled", True, Reason.DeploymentFailed);
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
    }

    @Test
    void aRestartThatAwsFailsIsAttemptedAgainToo() {
        flow.cloud.cannotStart(Manifest.IMAGE);
        flow.annotate("lightkeeper.dev/restart-requested-at", "monday");
        untilAttempt(2);
        flow.cloud.canStart(Manifest.IMAGE);
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy", "deploy");
    }

    @Test
    void whoHasDeployedTenTimesByItselfWithinADayAttemptsNothingAgain() {
        for (int i = 0; i < 10; i++) {
            flow.cloud.cannotStart(NEXT + i);
            release(NEXT + i);
            int attempted = i + 1;
            flow.until(() -> acts().count() == attempted);
            flow.cloud.canStart(NEXT + i);
            flow.untilReady();
        }
        int calls = flow.cloud.calls().size();
        flow.cloud.cannotStart(NEXT);
        release(NEXT);
        flow.run();
        flow.until("Stalled", True, Reason.DeploymentFailed);
        assertThat(flow.cloud.calls()).hasSize(calls + 1);
    }
}
