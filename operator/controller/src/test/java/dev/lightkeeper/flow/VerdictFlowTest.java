package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static dev.lightkeeper.api.v1alpha1.ConditionStatus.Unknown;
import static dev.lightkeeper.flow.FakeProber.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.CheckResult;
import dev.lightkeeper.api.v1alpha1.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is judged, when, by what, and where a release may go back to. */
class VerdictFlowTest {
    private static final String NEXT = "example.com/api:2";
    private static final String BAD = "example.com/api:bad";

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

    private void release(String image) {
        flow.set("/containers/0/image", image);
    }

    @Test
    void aReleaseThatIsWellWhenTheOperatorComesBackAfterItsDeadlineIsVerified() {
        flow.prober.sick(NEXT);
        release(NEXT);
        flow.until("Reconciling", True, Reason.Verifying).pass(Duration.ofMinutes(3));
        flow.prober.cured(NEXT);
        flow.restartAfter(Duration.ofDays(2));
        flow.untilSteady();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
    }

    @Test
    void aReleaseThatWasAlreadyFailingInItsBakeWhenTheSpecMovedOnIsNoTarget() {
        release(NEXT);
        flow.untilReady();
        flow.prober.sick(NEXT);
        flow.prober.sick(BAD);
        flow.until(
                () -> flow.store.status().checks().stream().anyMatch(check -> check.status() == CheckResult.Failing));
        release(BAD);
        flow.run();
        assertThat(flow.store.status().lastVerifiedRevision()).isEqualTo("1");
        flow.until(() -> flow.store.status().failed() != null);
        assertThat(flow.cloud.service().images()).isNotEqualTo(List.of(NEXT));
    }

    @Test
    void aTargetOfWhichNobodyKnowsWhetherItWasAvailableIsNotGoneBackTo() {
        flow.prober.answers(status(429));
        flow.until("Available", Unknown, Reason.NotObserved);
        flow.prober.sick(BAD);
        release(BAD);
        flow.until("Stalled", True, Reason.RollbackWithheld);
        assertThat(flow.cloud.service().images()).containsExactly(BAD);
    }

    @Test
    void afterAwsHasFailedAReleaseWhatServesIsJudgedByItsOwnContract() {
        flow.cloud.cannotStart(BAD);
        flow.set("/readiness/path", "/health/new");
        flow.prober.at("/health/new", request -> status(503));
        release(BAD);
        flow.run();
        flow.until("Stalled", True, Reason.DeploymentFailed).pass(Duration.ofMinutes(5));
        assertThat(flow.prober.requests().getLast().uri().getPath()).isEqualTo("/health/ready");
        assertThat(flow.told("Available")).containsExactly("Available=True/Passing");
    }

    @Test
    void aReferenceThatCannotBeReadWhenAwsFailsAReleaseChangesNothingOfThat() {
        flow.references.secret("db", Map.of("url", "s3cret"));
        flow.set("/containers/0/envFrom", "[{secretRef: {name: db}}]").untilSteady();
        flow.cloud.cannotStart(BAD);
        release(BAD);
        flow.until("Reconciling", True, Reason.Activating);
        flow.references.readable(false);
        flow.until("Stalled", True, Reason.DeploymentFailed);
        flow.references.readable(true);
        flow.pass(Duration.ofHours(1)).assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly(Manifest.IMAGE);
    }

    @Test
    void whatAwsActivatesAfterTheDeadlineIsVerifiedAllTheSame() {
        flow.cloud.activationTakes(Duration.ofMinutes(40));
        release(NEXT);
        flow.until("Stalled", True, Reason.ProgressDeadlineExceeded);
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly(NEXT);
    }

    @Test
    void theOldOneIsJudgedByTheContractThatItPassedLast() {
        flow.set("/readiness/path", "/health/v2").untilSteady();
        flow.prober.sick(BAD);
        flow.set("/readiness/path", "/health/v3");
        release(BAD);
        flow.run();
        flow.until("Stalled", True, Reason.RolledBack);
        assertThat(flow.prober.requests().getLast().uri().getPath()).isEqualTo("/health/v2");
    }

    @Test
    void aRolledBackServiceThatFailsLaterIsToldAndNothingIsDeployed() {
        flow.prober.sick(BAD);
        release(BAD);
        flow.run();
        flow.until("Stalled", True, Reason.RolledBack);
        int calls = flow.cloud.calls().size();
        flow.prober.sick(Manifest.IMAGE);
        flow.pass(Duration.ofHours(1));
        assertThat(flow.told("Available")).containsExactly("Available=False/ReadinessFailed");
        assertThat(flow.cloud.calls()).hasSize(calls);
    }
}
