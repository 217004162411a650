package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.False;
import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.failure.Failure;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was declared after a failure is not told to have failed before it was tried, whatever keeps it from that. */
class FixAfterFailureFlowTest {
    private static final String BAD = "example.com/api:bad";
    private static final String FIX = "example.com/api:3";
    private static final String FROM_SECRET = "[{name: DATABASE_URL, valueFrom: {secretKeyRef: {name: db, key: url}}}]";
    private static final String FROM_CONFIG_MAP =
            "[{name: MODE, valueFrom: {configMapKeyRef: {name: settings, key: mode}}}]";
    private static final String[] TOLD = {"Ready", "Reconciling", "Stalled"};
    private static final String[] OF_THE_FAILURE = {"Ready=False/RolledBack", "Reconciling=-", "Stalled=True/RolledBack"
    };
    private static final String[] UNSEEN = {
        "Ready=Unknown/ObservationStale", "Reconciling=True/ObservationStale", "Stalled=-"
    };

    private final Flow flow = new Flow();

    @BeforeEach
    void steady() {
        flow.references.configMap("settings", Map.of("mode", "bad"));
        flow.untilSteady();
        flow.pass(Duration.ofMinutes(10));
        flow.prober.sick(BAD);
    }

    @AfterEach
    void nothingForbiddenWasCalled() {
        assertThat(flow.cloud.offences()).isEmpty();
    }

    private void rolledBack() {
        flow.set("/containers/0/image", BAD).until("Stalled", True, Reason.RolledBack);
    }

    private void fixed() {
        flow.set("/containers/0/image", FIX);
    }

    @Test
    void silenceOfAwsTellsOfAFixOnlyThatItWasNotSeen() {
        rolledBack();
        flow.cloud.answers(false);
        fixed();
        flow.run();
        assertThat(flow.told(TOLD)).containsExactly(UNSEEN);
        assertThat(flow.told("Degraded")).as("last").containsExactly("Degraded=True/RolledBack");
        flow.pass(Duration.ofMinutes(20));
        assertThat(flow.told(TOLD)).containsExactly(UNSEEN);
        flow.assertQuiet();
        flow.cloud.answers(true);
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly(FIX);
        assertThat(flow.told("Degraded")).containsExactly("Degraded=False/NotDegraded");
    }

    @Test
    void silenceOfAwsTellsOnlyThatAFixOfWhatAwsCouldNotStartWasNotSeen() {
        flow.cloud.cannotStart(BAD);
        flow.set("/containers/0/image", BAD).until("Stalled", True, Reason.DeploymentFailed);
        flow.cloud.answers(false);
        fixed();
        flow.run();
        assertThat(flow.told(TOLD)).containsExactly(UNSEEN);
        flow.cloud.answers(true);
        flow.untilSteady();
    }

    @ParameterizedTest
    @CsvSource({
        "VerificationInconclusive, /containers/0/image, example.com/api:other",
        "ProgressDeadlineExceeded, /readiness/path, /health/live"
    })
    void silenceOfAwsTellsOfAFixOnlyThatItWasNotSeenAlsoWhereNobodyKnewWhetherTheReleaseIsBad(
            Reason undecided, String field, String value) {
        if (undecided == Reason.ProgressDeadlineExceeded) {
            flow.cloud.activationTakes(Duration.ofMinutes(40));
        }
        flow.prober.answers(FakeProber.status(429));
        flow.set("/containers/0/image", FIX).until("Stalled", True, undecided);
        flow.cloud.answers(false);
        flow.set("/scale", "3").run();
        assertThat(flow.told("Stalled")).as("still that release").containsExactly("Stalled=True/" + undecided);

        flow.set(field, value).run();
        assertThat(flow.told(TOLD)).containsExactly(UNSEEN);
    }

    @Test
    void anotherContractInSilenceIsNotToldToHaveFailed() {
        rolledBack();
        flow.cloud.answers(false);
        flow.set("/readiness/path", "/health/live").run();
        assertThat(flow.told(TOLD)).containsExactly(UNSEEN);
    }

    @Test
    void aChangeOfScaleInSilenceLeavesTheFailureTold() {
        rolledBack();
        flow.cloud.answers(false);
        flow.set("/scale", "3").run();
        assertThat(flow.told(TOLD)).containsExactly(OF_THE_FAILURE);
        flow.set("/suspend", "true").run();
        assertThat(flow.told(TOLD)).containsExactly(OF_THE_FAILURE);
    }

    @Test
    void whatFailedAndIsDeclaredAgainBeforeTheFixWasTriedIsToldToHaveFailed() {
        rolledBack();
        flow.cloud.answers(false);
        fixed();
        flow.pass(Duration.ofMinutes(2));
        flow.set("/containers/0/image", BAD).run();
        assertThat(flow.told(TOLD)).containsExactly(OF_THE_FAILURE);
        flow.cloud.answers(true);
        flow.pass(Duration.ofMinutes(10));
        assertThat(flow.told(TOLD)).containsExactly(OF_THE_FAILURE);
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy", "deploy");
    }

    @Test
    void aFixWhoseReferenceIsMissingHasTheGraceForIt() {
        rolledBack();
        fixed();
        flow.set("/containers/0/env", FROM_SECRET).run();
        String[] missing = {"Ready=False/ReferenceNotFound", "Reconciling=True/ReferenceNotFound", "Stalled=-"};
        assertThat(flow.told(TOLD)).containsExactly(missing);
        assertThat(flow.told("Degraded", "Available"))
                .containsExactly("Degraded=False/NotDegraded", "Available=True/Passing");
        flow.pass(Duration.ofMinutes(4));
        assertThat(flow.told(TOLD)).containsExactly(missing);
        flow.references.secret("db", Map.of("url", "postgres://u:hunter2@db"));
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly(FIX);
    }

    @Test
    void aFixWhoseReferenceIsMissingIsStalledForThatAfterTheGrace() {
        rolledBack();
        fixed();
        flow.set("/containers/0/env", FROM_SECRET).until("Stalled", True, Reason.ReferenceNotFound);
        assertThat(flow.told("Ready", "Degraded"))
                .containsExactly("Ready=False/ReferenceNotFound", "Degraded=True/ReferenceNotFound");
        flow.set("/containers/0/image", BAD).set("/containers/0/env", null).run();
        assertThat(flow.told(TOLD)).containsExactly(OF_THE_FAILURE);
    }

    @Test
    void aFixWhoseReferenceCannotBeReadWaits() {
        rolledBack();
        flow.references.readable(false);
        fixed();
        flow.set("/containers/0/env", FROM_SECRET).run();
        String[] unread = {"Ready=Unknown/Preflight", "Reconciling=True/Preflight", "Stalled=-"};
        assertThat(flow.told(TOLD)).containsExactly(unread);
        flow.assertQuiet();
        assertThat(flow.told(TOLD)).containsExactly(unread);
        flow.references.secret("db", Map.of("url", "postgres://u:hunter2@db"));
        flow.references.readable(true);
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly(FIX);
    }

    @Test
    void anotherContractOfWhatCannotBeReadIsNotToldToHaveFailed() {
        flow.set("/containers/0/env", FROM_CONFIG_MAP);
        rolledBack();
        flow.references.readable(false);
        flow.set("/readiness/path", "/health/live").run();
        assertThat(flow.told(TOLD))
                .containsExactly("Ready=Unknown/Preflight", "Reconciling=True/Preflight", "Stalled=-");
    }

    @Test
    void aFailureStaysToldWhileItsOwnReferenceIsLost() {
        flow.set("/containers/0/env", FROM_CONFIG_MAP);
        rolledBack();
        flow.references.readable(false);
        flow.set("/scale", "3").run();
        assertThat(flow.told(TOLD)).containsExactly(OF_THE_FAILURE);
        flow.pass(Duration.ofMinutes(20));
        assertThat(flow.told(TOLD)).containsExactly(OF_THE_FAILURE);
    }

    @Test
    void aFixThatArrivesWhileSomebodyElseChangesTheServiceWaits() {
        rolledBack();
        flow.cloud.service().capacity("nano", 2, flow.clock.instant());
        fixed();
        flow.run();
        assertThat(flow.told(TOLD)).containsExactly("Ready=Unknown/Capacity", "Reconciling=True/Capacity", "Stalled=-");
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly(FIX);
    }

    @Test
    void aFixThatArrivesWhileSomebodyElseDeploysWaits() {
        rolledBack();
        flow.cloud
                .service()
                .deploy(Contents.withImage(flow, "example.com/api:other"), flow.clock.instant(), Duration.ofMinutes(2));
        fixed();
        flow.run();
        assertThat(flow.told("Reconciling", "Stalled"))
                .containsExactly("Reconciling=True/WaitingForTransition", "Stalled=-");
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly(FIX);
    }

    @Test
    void aConfigMapThatMakesAnotherReleaseInSilenceIsNotToldToHaveFailed() {
        flow.set("/containers/0/env", FROM_CONFIG_MAP);
        rolledBack();
        flow.cloud.answers(false);
        flow.references.configMap("settings", Map.of("mode", "good"));
        flow.step();
        assertThat(flow.told(TOLD))
                .containsExactly("Ready=Unknown/Preflight", "Reconciling=True/Preflight", "Stalled=-");
        flow.references.configMap("settings", Map.of("mode", "bad"));
        flow.step();
        assertThat(flow.told(TOLD)).containsExactly(OF_THE_FAILURE);
    }

    @Test
    void aFixThatArrivesWhileARotatedSecretIsBroughtToTheOldReleaseIsNeverReadyBeforeItServes() {
        flow.references.secret("db", Map.of("url", "postgres://u:hunter2@db"));
        flow.set("/containers/0/env", FROM_SECRET).untilSteady();
        rolledBack();
        flow.pass(Duration.ofMinutes(2));
        int calls = flow.cloud.calls().size();
        flow.references.secret("db", Map.of("url", "postgres://u:hunter3@db"));
        flow.until(() -> flow.cloud.calls().size() > calls);
        fixed();
        flow.run();
        assertThat(flow.told(TOLD))
                .containsExactly("Ready=Unknown/Preflight", "Reconciling=True/Preflight", "Stalled=-");
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.service().images()).containsExactly(FIX);
    }

    @Test
    void whatElseIsWrongStaysToldInSilence() {
        rolledBack();
        flow.cloud.refuses(new FakeCloud.Fault.Refuses(
                new Failure.Denied("AccessDeniedException", "lightsail:UpdateContainerService", "denied")));
        flow.set("/scale", "3").until("AccountVerified", False, Reason.AccessDenied);
        flow.cloud.answers(false);
        fixed();
        flow.run();
        assertThat(flow.told("Stalled")).containsExactly("Stalled=True/AccessDenied");
    }

    @Test
    void silenceOfHostsTellsOfAFixOnlyThatItWasNotSeen() {
        Flow hosts = Flow.onHosts();
        hosts.untilSteady();
        hosts.pass(Duration.ofMinutes(10));
        hosts.fleet.sick(BAD);
        hosts.set("/containers/0/image", BAD).until("Stalled", True, Reason.DeploymentFailed);
        hosts.fleet.answers(false);
        hosts.set("/containers/0/image", FIX).run();
        assertThat(hosts.told(TOLD)).containsExactly(UNSEEN);
        hosts.fleet.answers(true);
        hosts.untilSteady().assertQuiet();
        assertThat(hosts.fleet.offences()).isEmpty();
    }
}
