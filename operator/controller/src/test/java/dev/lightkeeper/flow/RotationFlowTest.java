package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.False;
import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static dev.lightkeeper.flow.FakeProber.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.AutomaticAct;
import dev.lightkeeper.api.v1alpha1.AutomaticActKind;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.desired.SecretText;
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

/** A rotated Secret or parameter reaches whatever is kept live, and never brings a bad release back. */
class RotationFlowTest {
    private static final String BAD = "example.com/api:bad";

    private final Flow flow = new Flow();

    @BeforeEach
    void steady() {
        flow.references.secret("db", Map.of("url", "first"));
        flow.manifest.initially("/containers/0/envFrom", "[{secretRef: {name: db}}]");
        flow.untilSteady();
        flow.prober.sick(BAD);
    }

    @AfterEach
    void nothingForbiddenWasCalled() {
        assertThat(flow.cloud.offences()).isEmpty();
    }

    private void rolledBack() {
        flow.set("/containers/0/image", BAD).run();
        flow.until("Stalled", True, Reason.RolledBack);
        flow.pass(Duration.ofMinutes(2));
    }

    private void rotate(String value) {
        flow.references.secret("db", Map.of("url", value));
    }

    private String live() {
        SecretText value = flow.cloud
                .service()
                .content()
                .containers()
                .get("api")
                .environment()
                .get("url");
        return value == null ? "" : value.reveal();
    }

    private void untilLive(String value) {
        flow.until(() -> live().equals(value));
    }

    private void untilAtRest() {
        flow.until(() ->
                flow.store.status().rollout() == null && flow.store.status().operation() == null);
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
    void aRotatedSecretReachesTheRevisionThatIsKeptAndTheFailureStaysTold() {
        rolledBack();
        assertThat(flow.store.status().failed().sourceDigests()).containsOnlyKeys("api/url");
        int told = flow.events.size();
        rotate("second");
        untilLive("second");
        untilAtRest();
        assertThat(flow.told("Ready", "Degraded", "Stalled", "Available"))
                .containsExactly(
                        "Ready=False/RolledBack",
                        "Degraded=True/RolledBack",
                        "Stalled=True/RolledBack",
                        "Available=True/Passing");
        assertThat(flow.events).as("the deployment only").hasSize(told + 1);
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
        assertThat(acts()).containsExactly(AutomaticActKind.Rollback, AutomaticActKind.Rotation);
        assertThat(flow.store.status().lastVerifiedRevision())
                .isEqualTo(flow.store.status().currentRevision())
                .isNotIn("1", "2", flow.store.status().updateRevision());
        assertThat(flow.store.status().history()).hasSize(2);
        flow.pass(Duration.ofHours(1)).assertQuiet();
        rotate("third");
        untilLive("third");
        untilAtRest();
        flow.prober.cured(BAD);
        flow.annotate("lightkeeper.dev/retry-requested-at", "now").untilSteady().assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly(BAD);
        assertThat(live()).isEqualTo("third");
    }

    @Test
    void aNextReleaseThatFailsIsTakenBackToTheRotatedValues() {
        rolledBack();
        rotate("second");
        untilLive("second");
        untilAtRest();
        flow.prober.sick("example.com/api:worse");
        flow.set("/containers/0/image", "example.com/api:worse").run();
        flow.until("Stalled", True, Reason.RolledBack);
        assertThat(live()).isEqualTo("second");
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
    }

    @Test
    void aParameterThatIsRotatedReachesItToo() {
        flow.parameters.put("/shop/key", "old-key");
        flow.set("/containers/0/env", "[{name: url, valueFrom: {ssmParameterRef: {name: /shop/key}}}]")
                .untilSteady();
        rolledBack();
        flow.parameters.put("/shop/key", "new-key");
        untilLive("new-key");
        untilAtRest();
        assertThat(flow.told("Stalled")).containsExactly("Stalled=True/RolledBack");
    }

    @Test
    void aValueThatDoesNotWorkIsTakenBackAndNotTriedAgain() {
        flow.prober.at("/health/ready", request -> status(live().equals("broken") ? 503 : 200));
        rolledBack();
        rotate("broken");
        untilLive("broken");
        untilLive("first");
        untilAtRest();
        assertThat(flow.told("Stalled", "Available"))
                .containsExactly("Stalled=True/RolledBack", "Available=True/Passing");
        assertThat(flow.message("Stalled")).contains("rotated").contains("503");
        int calls = flow.cloud.calls().size();
        flow.pass(Duration.ofHours(2)).assertQuiet();
        assertThat(flow.cloud.calls()).hasSize(calls);
        rotate("first");
        flow.pass(Duration.ofHours(1)).assertQuiet();
        assertThat(flow.cloud.calls()).as("that is what serves").hasSize(calls);
        rotate("second");
        untilLive("second");
    }

    @Test
    void aValueThatDoesNotWorkStaysWhereWhatServedBeforeWasNotWellEither() {
        rolledBack();
        flow.prober.sick(Manifest.IMAGE);
        flow.until("Available", False, Reason.ReadinessFailed);
        rotate("second");
        untilLive("second");
        flow.until("Stalled", True, Reason.RollbackFailed);
        flow.pass(Duration.ofHours(1)).assertQuiet();
        assertThat(live()).isEqualTo("second");
    }

    @Test
    void whatAwsFailsIsNotTriedAgain() {
        rolledBack();
        flow.cloud.cannotStart(Manifest.IMAGE);
        rotate("second");
        int calls = flow.cloud.calls().size();
        flow.pass(Duration.ofHours(1)).assertQuiet();
        assertThat(flow.cloud.calls()).hasSize(calls + 1);
        assertThat(live()).isEqualTo("first");
        assertThat(flow.told("Stalled", "Available"))
                .containsExactly("Stalled=True/RolledBack", "Available=True/Passing");
        assertThat(flow.message("Stalled")).contains("could not activate");
    }

    @Test
    void whatAwsRefusesForGoodIsNotTriedAgain() {
        rolledBack();
        flow.nextCall(new Fault.Refuses(new Failure.Terminal("InvalidInputException", "too large")));
        rotate("second");
        int calls = flow.cloud.calls().size();
        flow.pass(Duration.ofHours(1)).assertQuiet();
        assertThat(flow.cloud.calls()).hasSize(calls);
        assertThat(flow.told("Stalled")).containsExactly("Stalled=True/RolledBack");
        assertThat(flow.message("Stalled")).contains("too large");
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aCallThatMeetsAFaultIsDoneOnceInTheEnd(Fault fault) {
        rolledBack();
        int calls = flow.cloud.calls().size();
        flow.nextCall(fault);
        rotate("second");
        flow.until(() -> flow.store.status().rollout() != null);
        flow.restart();
        untilLive("second");
        flow.restart();
        untilAtRest();
        flow.pass(Duration.ofHours(1)).assertQuiet();
        assertThat(flow.cloud.calls()).hasSize(calls + 1);
        assertThat(acts()).containsExactly(AutomaticActKind.Rollback, AutomaticActKind.Rotation);
    }

    @Test
    void manyServicesThatFailDoNotHoldItUp() {
        rolledBack();
        flow.nextCall(new Fault.Refuses(new Failure.Conflict("InvalidInput", "busy")));
        rotate("second");
        flow.until(() -> flow.store.status().rollout() != null);
        flow.othersFail(3, 2).pass(Duration.ofMinutes(5));
        assertThat(live()).isEqualTo("second");
    }

    @Test
    void aRetryWhileItIsUnderWayDeploysTheReleaseWhateverBecomesOfIt() {
        rolledBack();
        flow.cloud.cannotStart(Manifest.IMAGE);
        rotate("second");
        flow.until(() -> flow.store.status().operation() != null);
        flow.prober.cured(BAD);
        flow.annotate("lightkeeper.dev/retry-requested-at", "now").untilSteady().assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly(BAD);
    }

    @Test
    void whatIsRotatedOnceMoreBeforeAwsTookItIsNotSent() {
        rolledBack();
        int calls = flow.cloud.calls().size();
        flow.nextCall(new Fault.Refuses(new Failure.Conflict("InvalidInput", "busy")));
        rotate("second");
        flow.until(() -> flow.store.status().rollout() != null);
        rotate("third");
        untilLive("third");
        untilAtRest();
        assertThat(flow.cloud.calls()).hasSize(calls + 1);
    }

    @Test
    void whileTheSecretCannotBeReadTheSendingWaits() {
        rolledBack();
        flow.nextCall(new Fault.Refuses(new Failure.Conflict("InvalidInput", "busy")));
        rotate("second");
        flow.until(() -> flow.store.status().rollout() != null);
        flow.references.readable(false);
        flow.pass(Duration.ofMinutes(10));
        assertThat(live()).isEqualTo("first");
        flow.references.readable(true);
        untilLive("second");
    }

    @Test
    void aSecretThatIsGoneChangesNothing() {
        rolledBack();
        int calls = flow.cloud.calls().size();
        flow.references.removeSecret("db");
        flow.pass(Duration.ofHours(1));
        assertThat(flow.cloud.calls()).hasSize(calls);
        assertThat(live()).isEqualTo("first");
    }

    @Test
    void nothingIsRotatedWhileSuspendedAndItIsDoneAfterwards() {
        rolledBack();
        flow.set("/suspend", "true").run();
        rotate("second");
        flow.pass(Duration.ofHours(1));
        assertThat(live()).isEqualTo("first");
        flow.set("/suspend", "false");
        untilLive("second");
    }

    @Test
    void aRequestedRollbackGetsRotatedValuesToo() {
        flow.set("/containers/0/image", "example.com/api:2").untilSteady();
        flow.annotate("lightkeeper.dev/rollback-requested-at", "monday")
                .until(() -> flow.is("Stalled", True, Reason.ManualRollback)
                        && flow.store.status().rollout() == null);
        flow.pass(Duration.ofMinutes(2));
        rotate("second");
        untilLive("second");
        untilAtRest();
        assertThat(flow.told("Stalled", "Degraded"))
                .containsExactly("Stalled=True/ManualRollback", "Degraded=False/NotDegraded");
        assertThat(flow.store.status().lastVerifiedRevision()).isEqualTo("2");
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
    }

    @Test
    void aRotationIsNoCorrectionOfDrift() {
        rotate("second");
        untilLive("second");
        flow.untilReady().pass(Duration.ofMinutes(10));
        for (int i = 0; i < 2; i++) {
            Contents.deployByHand(flow, "example.com/api:stale");
            flow.until(() -> flow.cloud.service().images().contains(Manifest.IMAGE));
            flow.untilReady().pass(Duration.ofMinutes(6));
        }
        assertThat(acts()).containsExactly(AutomaticActKind.Rotation, AutomaticActKind.Repair, AutomaticActKind.Repair);
    }

    @Test
    void theSameReleaseWithOtherValuesIsNotThePreviousOne() {
        flow.set("/containers/0/image", "example.com/api:2").untilSteady();
        rotate("second");
        untilLive("second");
        flow.untilSteady();
        flow.annotate("lightkeeper.dev/rollback-requested-at", "monday").until("Stalled", True, Reason.ManualRollback);
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
    }

    @Test
    void aReleaseThatFailedAndServesAllTheSameGetsThemAndIsJudgedAgain() {
        flow.set("/rollout/onFailure", "Hold");
        flow.set("/containers/0/image", BAD).run();
        flow.until("Stalled", True, Reason.VerificationFailed);
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.cloud.calls()).hasSize(3);
        rotate("second");
        untilLive("second");
        assertThat(flow.cloud.service().images()).containsExactly(BAD);
        flow.until("Stalled", True, Reason.VerificationFailed);
        flow.pass(Duration.ofHours(1)).assertQuiet();
        assertThat(flow.cloud.calls()).hasSize(4);
    }

    @Test
    void aNewSpecWhileItIsUnderWayIsDeployedAfterIt() {
        rolledBack();
        rotate("second");
        flow.until(() -> flow.store.status().operation() != null);
        flow.set("/containers/0/image", "example.com/api:3").untilSteady().assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly("example.com/api:3");
        assertThat(live()).isEqualTo("second");
    }

    @Test
    void afterTenDeploymentsOfItsOwnAccordWithinADayThereIsNoFurther() {
        for (int i = 0; i < 10; i++) {
            rotate("value-" + i);
            untilLive("value-" + i);
            flow.untilReady();
        }
        assertThat(acts()).containsOnly(AutomaticActKind.Rotation);
        rotate("value-11");
        flow.until("Stalled", True, Reason.TooManyFailures);
        flow.pass(Duration.ofHours(1)).assertQuiet();
        assertThat(live()).isEqualTo("value-9");
        flow.annotate("lightkeeper.dev/retry-requested-at", "now").untilSteady();
        assertThat(live()).isEqualTo("value-11");
    }

    @Test
    void theLimitHoldsForWhatIsKeptToo() {
        rolledBack();
        for (int i = 0; i < 9; i++) {
            String value = "value-" + i;
            rotate(value);
            untilLive(value);
            untilAtRest();
        }
        rotate("value-10");
        flow.until("Stalled", True, Reason.TooManyFailures);
        flow.pass(Duration.ofHours(1)).assertQuiet();
        assertThat(live()).isEqualTo("value-8");
    }

    @Test
    void aDeploymentThatAwsHasForgottenIsMadeOfItsTemplateAgain() {
        flow.cloud.listsDeployments(1);
        rolledBack();
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
        assertThat(flow.store.status().currentRevision()).isEqualTo("1");
        assertThat(flow.message("Stalled")).doesNotContain("changed since");
        flow.pass(Duration.ofHours(1)).assertQuiet();
    }

    @Test
    void whatHasChangedSinceIsNamed() {
        flow.cloud.listsDeployments(1);
        rotate("second");
        rolledBack();
        assertThat(live()).isEqualTo("second");
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
        assertThat(flow.message("Stalled"))
                .contains("template and the values of today")
                .contains("changed since then: url of api");
        assertThat(flow.store.status().lastVerifiedRevision()).isNotIn("1", "2");
        flow.pass(Duration.ofHours(1)).assertQuiet();
        flow.set("/containers/0/image", "example.com/api:3").untilSteady();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void thatMeetsAFaultAndIsDoneOnceToo(Fault fault) {
        flow.cloud.listsDeployments(1);
        rotate("second");
        flow.set("/containers/0/image", BAD).until("Reconciling", True, Reason.Verifying);
        flow.nextCall(fault);
        flow.until("Stalled", True, Reason.RolledBack);
        flow.pass(Duration.ofHours(1)).assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy", "deploy");
    }

    @Test
    void thatIsNotSentWithValuesThatAreOldByNow() {
        flow.cloud.listsDeployments(1);
        rotate("second");
        flow.set("/containers/0/image", BAD).until("Reconciling", True, Reason.Verifying);
        flow.nextCall(new Fault.Refuses(new Failure.Conflict("InvalidInput", "busy")));
        flow.until(() -> flow.store.revision("3") != null);
        rotate("third");
        flow.until("Stalled", True, Reason.RolledBack);
        assertThat(live()).isEqualTo("third");
    }

    @Test
    void whatCannotBeResolvedTodayCannotBeBroughtBack() {
        flow.cloud.listsDeployments(1);
        flow.references.secret("more", Map.of("other", "s3cret"));
        flow.set("/containers/0/image", BAD);
        flow.set("/containers/0/envFrom", "[{secretRef: {name: more}}]").until("Reconciling", True, Reason.Verifying);
        flow.references.removeSecret("db");
        flow.until("Stalled", True, Reason.RollbackFailed);
        assertThat(flow.message("Stalled")).contains("Secret \"db\"");
        flow.pass(Duration.ofHours(1)).assertQuiet();
    }

    @Test
    void whatCannotBeReadJustThenIsWaitedFor() {
        flow.cloud.listsDeployments(1);
        flow.set("/containers/0/image", BAD).until("Reconciling", True, Reason.RollingBack);
        flow.references.readable(false);
        flow.pass(Duration.ofMinutes(10));
        assertThat(flow.told("Reconciling")).containsExactly("Reconciling=True/RollingBack");
        flow.references.readable(true);
        flow.until("Stalled", True, Reason.RolledBack);
    }

    @Test
    void aBaselineThatAwsHasForgottenCannotBeBroughtBack() {
        Flow adopted = new Flow();
        Contents.madeByHand(adopted, "example.com/hand:1", Map.of(), Map.of());
        adopted.manifest.initially("/adoptionPolicy", "AdoptOrCreate");
        adopted.prober.sick(Manifest.IMAGE);
        adopted.until("Reconciling", True, Reason.Verifying);
        adopted.cloud.listsDeployments(1);
        adopted.until("Stalled", True, Reason.RollbackFailed);
        assertThat(adopted.message("Stalled")).contains("baseline").contains("declare it in the manifest");
    }

    @Test
    void whatIsMadeOfItsTemplateAndDoesNotPassIsToldAndNothingFurtherIsTried() {
        flow.cloud.listsDeployments(1);
        rotate("second");
        flow.set("/containers/0/image", BAD).until("Reconciling", True, Reason.RollingBack);
        flow.prober.sick(Manifest.IMAGE);
        flow.until("Stalled", True, Reason.RollbackFailed);
        flow.pass(Duration.ofHours(1)).assertQuiet();
    }

    @Test
    void aBaselineThatDoesNotPassAnyMoreIsToldWithoutNames() {
        Flow adopted = new Flow();
        Contents.madeByHand(adopted, "example.com/hand:1", Map.of(), Map.of());
        adopted.manifest.initially("/adoptionPolicy", "AdoptOrCreate");
        adopted.prober.sick(Manifest.IMAGE);
        adopted.until("Reconciling", True, Reason.RollingBack);
        adopted.prober.sick("example.com/hand:1");
        adopted.until("Stalled", True, Reason.RollbackFailed);
        assertThat(adopted.message("Stalled")).doesNotContain("changed since");
    }

    @Test
    void aRollbackThatFailsNamesTheVariablesWhoseSourcesHaveChanged() {
        rotate("second");
        flow.set("/containers/0/image", BAD).until("Reconciling", True, Reason.RollingBack);
        flow.prober.sick(Manifest.IMAGE);
        flow.until("Stalled", True, Reason.RollbackFailed);
        assertThat(flow.message("Stalled")).contains("changed since then: url of api");
    }
}
