package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.False;
import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.lightkeeper.api.v1alpha1.HistoryEntry;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RevisionResult;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever declares one bad release after the other is stopped: something else is wrong than the release. */
class FailureRowFlowTest {
    private static final String GOOD = "example.com/api:good";

    private final Flow flow = new Flow();

    @BeforeEach
    void steady() {
        flow.untilSteady();
    }

    @AfterEach
    void nothingForbiddenWasCalled() {
        assertThat(flow.cloud.offences()).isEmpty();
    }

    private void release(String image) {
        flow.set("/containers/0/image", image);
    }

    private void retry(String value) {
        flow.annotate("lightkeeper.dev/retry-requested-at", value);
    }

    private void fail(String... tags) {
        for (String tag : tags) {
            String image = "example.com/api:" + tag;
            flow.prober.sick(image);
            release(image);
            flow.run();
            flow.until("Stalled", True, Reason.RolledBack);
        }
    }

    @Test
    void afterThreeFailedRevisionsInARowNothingIsDeployedUntilARetry() {
        fail("a", "b", "c");
        int calls = flow.cloud.calls().size();
        release(GOOD);
        flow.run();
        assertThat(flow.told("Ready", "Degraded", "Stalled"))
                .containsExactly(
                        "Ready=False/TooManyFailures", "Degraded=True/TooManyFailures", "Stalled=True/TooManyFailures");
        assertThat(flow.message("Stalled"))
                .contains("2, 3, 4")
                .contains("kubectl annotate servicedeployment api -n shop")
                .contains("lightkeeper.dev/retry-requested-at");
        flow.restart();
        flow.pass(Duration.ofHours(2)).assertQuiet();
        release("example.com/api:better");
        flow.pass(Duration.ofHours(1)).assertQuiet();
        assertThat(flow.cloud.calls()).hasSize(calls);
        assertThat(flow.told("Stalled", "Available"))
                .containsExactly("Stalled=True/TooManyFailures", "Available=True/Passing");
        retry("now");
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly("example.com/api:better");
        fail("d", "e");
        release(GOOD);
        flow.untilSteady();
    }

    @Test
    void aRollbackThatIsUnderWayIsFinishedFirst() {
        fail("a", "b");
        flow.prober.sick("example.com/api:c");
        release("example.com/api:c");
        flow.until("Reconciling", True, Reason.RollingBack);
        release(GOOD);
        flow.until("Stalled", True, Reason.TooManyFailures);
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
        assertThat(flow.store.status().history())
                .extracting(HistoryEntry::revision, HistoryEntry::result)
                .startsWith(tuple("4", RevisionResult.RolledBack), tuple("3", RevisionResult.RolledBack));
    }

    @Test
    void scaleIsChangedAllTheSame() {
        fail("a", "b", "c");
        release(GOOD);
        flow.set("/scale", "3").until(() -> flow.cloud.service().scale() == 3);
        assertThat(flow.told("Stalled")).containsExactly("Stalled=True/TooManyFailures");
    }

    @Test
    void aRevisionThatVerifiesEndsTheRow() {
        fail("a", "b");
        release(GOOD);
        flow.untilSteady();
        fail("c", "d");
        release("example.com/api:better");
        flow.untilSteady().assertQuiet();
    }

    @Test
    void aRetryLetsOneThroughAndTheRowGoesOn() {
        fail("a", "b", "c");
        retry("monday");
        flow.until(() -> flow.store.status().failed() == null).until("Stalled", True, Reason.RolledBack);
        release(GOOD);
        flow.until("Stalled", True, Reason.TooManyFailures);
        retry("tuesday");
        flow.untilSteady();
    }

    @Test
    void goingBackToWhatServesIsNotWithheldAndEndsTheRow() {
        fail("a", "b", "c");
        int calls = flow.cloud.calls().size();
        release(Manifest.IMAGE);
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).hasSize(calls);
        assertThat(flow.store.status().history().getFirst())
                .extracting(HistoryEntry::revision, HistoryEntry::result)
                .containsExactly("1", RevisionResult.Verified);
        fail("d");
        release(GOOD);
        flow.untilSteady();
    }

    @Test
    void goingBackToWhatFailsNowEndsTheRowOnlyWhenItPasses() {
        fail("a");
        flow.prober.sick(Manifest.IMAGE);
        flow.until("Available", False, Reason.ReadinessFailed);
        release(Manifest.IMAGE);
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.store.status().history().getFirst().result()).isEqualTo(RevisionResult.RolledBack);
        flow.prober.cured(Manifest.IMAGE);
        flow.untilReady().run();
        assertThat(flow.store.status().history().getFirst().result()).isEqualTo(RevisionResult.Verified);
    }

    @Test
    void goingBackToWhatServesAfterAllEndsIt() {
        fail("a", "b", "c");
        release(GOOD);
        flow.until("Stalled", True, Reason.TooManyFailures);
        release(Manifest.IMAGE);
        flow.untilSteady().assertQuiet();
    }

    @Test
    void whatWasSupersededNeitherCountsNorEndsTheRow() {
        fail("a", "b");
        release("example.com/api:hasty");
        flow.until("Reconciling", True, Reason.Verifying);
        fail("c");
        release(GOOD);
        flow.until("Stalled", True, Reason.TooManyFailures);
    }

    @Test
    void aDeploymentThatAwsFailsCountsToo() {
        for (String image : new String[] {"a", "b", "c"}) {
            flow.cloud.cannotStart(image);
            release(image);
            flow.run();
            flow.until("Stalled", True, Reason.DeploymentFailed);
        }
        release(GOOD);
        flow.until("Stalled", True, Reason.TooManyFailures);
        flow.pass(Duration.ofHours(1)).assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
    }

    @Test
    void anotherContractForWhatServesNeedsNoDeploymentAndIsNotWithheld() {
        flow.set("/rollout/onFailure", "Hold");
        flow.prober.at("/health/new", request -> FakeProber.status(200));
        for (String image : new String[] {"a", "b", "c"}) {
            flow.prober.at("/health/ready", request -> FakeProber.status(503));
            release(image);
            flow.run();
            flow.until("Stalled", True, Reason.VerificationFailed);
        }
        flow.set("/readiness/path", "/health/new").untilSteady();
        assertThat(flow.cloud.service().images()).containsExactly("c");
    }
}
