package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.flow.DeletionSituation.Outcome;
import dev.lightkeeper.reconcile.RunResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Somebody deletes the resource, wherever it stands just then. */
class DeletionInEveryStateFlowTest {
    private static final List<String> RUNNING =
            List.of("Ready=False/Deleting", "Reconciling=True/Deleting", "Stalled=-", "Degraded=False/NotDegraded");
    private static final List<String> BLOCKED = List.of(
            "Ready=False/DeletionBlocked",
            "Reconciling=-",
            "Stalled=True/DeletionBlocked",
            "Degraded=False/NotDegraded");

    private final Flow flow = new Flow();

    @AfterEach
    void nothingForbiddenWasCalled() {
        assertThat(flow.cloud.offences()).isEmpty();
    }

    static Stream<DeletionSituation> deleting() {
        return with(Outcome.DELETES);
    }

    static Stream<DeletionSituation> leaving() {
        return with(Outcome.LEAVES);
    }

    static Stream<DeletionSituation> waiting() {
        return with(Outcome.WAITS);
    }

    static Stream<DeletionSituation> blocked() {
        return with(Outcome.BLOCKED);
    }

    private static Stream<DeletionSituation> with(Outcome outcome) {
        return Stream.of(DeletionSituation.values()).filter(situation -> situation.outcome() == outcome);
    }

    private void arise(DeletionSituation situation, String policy) {
        flow.manifest.initially("/deletionPolicy", policy);
        situation.arise(flow);
        flow.delete();
    }

    private void untilReleased() {
        RunResult result = flow.step();
        for (int runs = 0; !result.released(); runs++) {
            assertThat(runs).as("still not released: %s", flow).isLessThan(100);
            result = flow.step();
        }
    }

    private List<String> told() {
        return flow.told("Ready", "Reconciling", "Stalled", "Degraded");
    }

    @ParameterizedTest
    @EnumSource
    void retainLetsGoInTheFirstRunAndDeletesNothing(DeletionSituation situation) {
        arise(situation, "Retain");
        Optional<FakeService> service = flow.cloud.found();
        List<String> calls = flow.cloud.calls();

        assertThat(flow.step().released()).isTrue();

        assertThat(told()).isEqualTo(RUNNING);
        assertThat(flow.cloud.found()).isEqualTo(service);
        assertThat(flow.cloud.calls()).doesNotContain("delete").hasSizeLessThanOrEqualTo(calls.size() + 1);
        if (situation.outcome() != Outcome.DELETES && situation != DeletionSituation.DELETION_NO_LONGER_ALLOWED) {
            assertThat(flow.cloud.calls())
                    .as("no mark on what may not be touched")
                    .isEqualTo(calls);
        } else if (service.isPresent()) {
            assertThat(service.get().tags()).containsEntry("lightkeeper.dev/released", "true");
        }
    }

    @ParameterizedTest
    @MethodSource("deleting")
    void deleteLetsGoOnlyWhenTheServiceIsGone(DeletionSituation situation) {
        arise(situation, "Delete");
        boolean there = flow.cloud.found().isPresent();
        while (!flow.step().released()) {
            assertThat(told()).isEqualTo(RUNNING);
        }
        assertThat(told()).isEqualTo(RUNNING);
        assertThat(flow.cloud.found()).isEmpty();
        assertThat(flow.cloud.calls().stream().filter("delete"::equals)).hasSize(there ? 1 : 0);
    }

    @ParameterizedTest
    @MethodSource("leaving")
    void deleteLeavesAServiceThatIsNotOurs(DeletionSituation situation) {
        arise(situation, "Delete");
        untilReleased();
        assertThat(flow.cloud.found()).isPresent();
        assertThat(flow.cloud.calls()).doesNotContain("delete");
        assertThat(flow.message("Ready")).contains("left alone");
    }

    @ParameterizedTest
    @MethodSource("waiting")
    void deleteWaitsWhileNothingIsKnown(DeletionSituation situation) {
        arise(situation, "Delete");
        flow.pass(Duration.ofMinutes(45));
        assertThat(told()).isEqualTo(RUNNING);
        assertThat(flow.cloud.calls()).doesNotContain("delete");
        situation.heal(flow);
        untilReleased();
        assertThat(flow.cloud.found()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("blocked")
    void deleteIsBlockedAndSaysByWhatAndGoesOnWhenThatIsGone(DeletionSituation situation) {
        arise(situation, "Delete");
        flow.step();
        assertThat(told()).isEqualTo(BLOCKED);
        assertThat(flow.message("Ready")).isEqualTo(flow.message("Stalled")).contains("deletionPolicy: Retain");
        flow.assertQuiet();
        flow.pass(Duration.ofHours(1));
        assertThat(told()).isEqualTo(BLOCKED);
        assertThat(flow.cloud.calls()).doesNotContain("delete");

        situation.heal(flow);
        flow.cloud.hide(false);
        untilReleased();
        assertThat(flow.cloud.found()).isEmpty();
        assertThat(flow.cloud.calls()).endsWith("delete");
    }

    @ParameterizedTest
    @MethodSource("blocked")
    void retainUnblocksADeletionAndKeepsTheService(DeletionSituation situation) {
        arise(situation, "Delete");
        flow.step();
        flow.set("/deletionPolicy", "Retain");
        assertThat(flow.step().released()).isTrue();
        flow.cloud.hide(false);
        assertThat(flow.cloud.found()).isPresent();
        assertThat(flow.cloud.calls()).doesNotContain("delete");
    }

    @Test
    void aBlockedDeletionIsToldByOneEvent() {
        arise(DeletionSituation.DELETION_NO_LONGER_ALLOWED, "Delete");
        int before = flow.events.size();
        flow.pass(Duration.ofHours(2));
        assertThat(flow.events.subList(before, flow.events.size()))
                .singleElement()
                .satisfies(event -> assertThat(event.reason()).isEqualTo(Reason.DeletionBlocked));
    }

    @Test
    void retainAfterTheDeletionHasBegunLetsGoButCannotTakeItBack() {
        arise(DeletionSituation.STEADY, "Delete");
        flow.step();
        assertThat(flow.cloud.calls()).endsWith("delete");
        flow.set("/deletionPolicy", "Retain");
        assertThat(flow.step().released()).isTrue();
        assertThat(flow.cloud.calls()).endsWith("delete");
    }

    @Test
    void deleteAfterARetainThatWasCutShortStillDeletes() {
        arise(DeletionSituation.STEADY, "Retain");
        assertThat(flow.step().released()).isTrue();
        flow.restart();
        flow.set("/deletionPolicy", "Delete");
        untilReleased();
        assertThat(flow.cloud.found()).isEmpty();
    }

    @Test
    void retainThatIsCutShortAndRepeatedMarksOnce() {
        arise(DeletionSituation.STEADY, "Retain");
        flow.step();
        flow.restart();
        assertThat(flow.step().released()).isTrue();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "tag");
    }

    @Test
    void aCreationWhoseEffectIsNotVisibleYetIsNoAbsence() {
        flow.manifest.initially("/deletionPolicy", "Delete");
        flow.nextCall(new FakeCloud.Fault.LostAfter()).run();
        flow.cloud.hide(true);
        flow.delete();
        assertThat(flow.step().released()).isFalse();
        assertThat(told()).isEqualTo(RUNNING);
        flow.cloud.hide(false);
        untilReleased();
        assertThat(flow.cloud.found()).isEmpty();
        assertThat(flow.cloud.calls()).containsExactly("create", "delete");
    }

    @Test
    void aCreationThatNeverHappenedIsWaitedForOnlySoLong() {
        flow.manifest.initially("/deletionPolicy", "Delete");
        flow.nextCall(new FakeCloud.Fault.LostBefore()).run();
        flow.delete();
        assertThat(flow.step().released()).isFalse();
        flow.clock.advance(Duration.ofSeconds(60));
        assertThat(flow.step().released()).isTrue();
        assertThat(flow.cloud.calls()).isEmpty();
    }

    @Test
    void anUnknownDeletionPolicyIsNotTakenForAnyOther() {
        flow.untilSteady().set("/deletionPolicy", "Dream").delete().step();
        assertThat(told()).isEqualTo(BLOCKED);
        assertThat(flow.message("Stalled")).contains("spec.deletionPolicy", "upgrade the operator");
        flow.assertQuiet();
        flow.set("/deletionPolicy", "Retain");
        assertThat(flow.step().released()).isTrue();
        assertThat(flow.cloud.found()).isPresent();
    }

    @Test
    void aDeniedDeletionIsBlockedIsAskedForSlowlyAndAtOnceOnRequest() {
        arise(DeletionSituation.STEADY, "Delete");
        flow.nextCall(FaultFlowTest.DENIED).step();
        assertThat(told())
                .containsExactly(
                        "Ready=False/DeletionBlocked",
                        "Reconciling=-",
                        "Stalled=True/AccessDenied",
                        "Degraded=False/NotDegraded");
        flow.pass(Duration.ofMinutes(9));
        assertThat(flow.told("Ready", "Stalled"))
                .containsExactly("Ready=False/DeletionBlocked", "Stalled=True/AccessDenied");
        assertThat(flow.cloud.calls()).doesNotContain("delete");
        flow.annotate("lightkeeper.dev/retry-requested-at", "now").step();
        assertThat(flow.cloud.calls()).endsWith("delete");
        untilReleased();
    }

    @Test
    void aServiceThatSomebodyElseDeletesFirstIsNoFailure() {
        arise(DeletionSituation.STEADY, "Delete");
        flow.nextCall(new FakeCloud.Fault.Refuses(
                new dev.lightkeeper.failure.Failure.Terminal("NotFoundException", "there is no such service")));
        flow.step();
        assertThat(told()).isEqualTo(RUNNING);
        flow.cloud.remove();
        untilReleased();
    }

    @Test
    void aMarkThatAwsDoesNotTakeIsSaidAndHoldsNothingUp() {
        arise(DeletionSituation.STEADY, "Retain");
        flow.nextCall(FaultFlowTest.DENIED);
        assertThat(flow.step().released()).isTrue();
        assertThat(told()).isEqualTo(RUNNING);
        assertThat(flow.message("Ready")).contains("left running", "could not be marked as released");
    }

    @Test
    void whatIsNoLongerLookedAtIsNotToldAsGood() {
        arise(DeletionSituation.STEADY, "Delete");
        flow.step();
        assertThat(flow.told("Available", "Synced", "EnvironmentValid", "ReadinessPassed"))
                .containsExactly(
                        "Available=Unknown/NotObserved",
                        "Synced=Unknown/NotObserved",
                        "EnvironmentValid=Unknown/NotObserved",
                        "ReadinessPassed=Unknown/NotObserved");
    }

    @Test
    void aDeletionDuringASilenceDropsWhatWasStalledBefore() {
        flow.manifest.initially("/deletionPolicy", "Delete");
        flow.untilSteady().set("/driftPolicy", "Dream").until("Stalled", True, Reason.UnknownValue);
        flow.cloud.answers(false);
        flow.delete().step();
        assertThat(told()).isEqualTo(RUNNING);
    }
}
