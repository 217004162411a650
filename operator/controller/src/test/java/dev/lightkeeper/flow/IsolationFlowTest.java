package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.False;
import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static dev.lightkeeper.api.v1alpha1.ConditionStatus.Unknown;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Reason;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The service cannot be reached, and it may be our own network that is dead. */
class IsolationFlowTest {
    private static final String[] TOLD = {"Ready", "Available", "ReadinessPassed", "Degraded", "Reconciling", "Stalled"
    };

    private final Flow flow = new Flow();

    private void networkDies() {
        flow.cloud.answers(false);
        flow.prober.answers(FakeProber.unreachable());
    }

    private void networkComesBack() {
        flow.cloud.answers(true);
        flow.prober.answers(FakeProber.status(200));
    }

    @Test
    void aDeadNetworkOfOursKeepsReadyForTenMinutesAndThenClaimsNothing() {
        flow.untilSteady();
        Instant died = flow.clock.instant();
        int told = flow.events.size();
        networkDies();
        flow.until("Available", Unknown, Reason.ProberIsolated);
        assertThat(flow.told(TOLD))
                .containsExactly(
                        "Ready=True/Verified",
                        "Available=Unknown/ProberIsolated",
                        "ReadinessPassed=Unknown/ProberIsolated",
                        "Degraded=False/NotDegraded",
                        "Reconciling=-",
                        "Stalled=-");
        flow.assertQuiet();
        flow.until("Ready", Unknown, Reason.ProberIsolated);
        assertThat(Duration.between(died, flow.clock.instant()))
                .isBetween(Duration.ofSeconds(570), Duration.ofSeconds(630));
        assertThat(flow.told(TOLD))
                .containsExactly(
                        "Ready=Unknown/ProberIsolated",
                        "Available=Unknown/ProberIsolated",
                        "ReadinessPassed=Unknown/ProberIsolated",
                        "Degraded=False/NotDegraded",
                        "Reconciling=-",
                        "Stalled=-");
        assertThat(flow.told("Synced")).containsExactly("Synced=Unknown/ObservationStale");
        flow.assertQuiet();
        flow.restart();
        flow.step();
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.told("Ready")).containsExactly("Ready=Unknown/ProberIsolated");
        assertThat(flow.events).hasSize(told);
        networkComesBack();
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
    }

    @Test
    void onlyTheWayOfTheProbesIsDeadWhileAwsAnswers() {
        flow.untilSteady();
        flow.prober.onAsk(() -> flow.witnesses.asked("other.example.com", false));
        flow.prober.answers(FakeProber.unreachable());
        Instant died = flow.clock.instant();
        flow.until("Available", Unknown, Reason.ProberIsolated);
        Instant unknown = flow.clock.instant();
        assertThat(Duration.between(died, unknown)).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(150));
        assertThat(flow.told("Ready", "Reconciling", "Synced"))
                .containsExactly("Ready=True/Verified", "Reconciling=-", "Synced=True/InSync");
        flow.until("Ready", Unknown, Reason.ProberIsolated);
        assertThat(Duration.between(unknown, flow.clock.instant()))
                .isBetween(Duration.ofSeconds(600), Duration.ofSeconds(630));
        assertThat(flow.told("Reconciling", "Degraded")).containsExactly("Reconciling=-", "Degraded=False/NotDegraded");
        flow.assertQuiet();
        flow.prober.answers(FakeProber.status(200));
        flow.untilReady().assertQuiet();
    }

    @Test
    void aServiceThatOnlyWeCannotReachIsFailingWhileAnotherTargetAnswers() {
        flow.untilSteady();
        flow.cloud.answers(false);
        flow.prober.onAsk(() -> flow.witnesses.asked("other.example.com", true));
        flow.prober.answers(FakeProber.unreachable());
        flow.until("Degraded", True, Reason.ReadinessFailed);
        assertThat(flow.told("Available", "Ready"))
                .containsExactly("Available=False/ReadinessFailed", "Ready=False/ReadinessFailed");
    }

    @Test
    void aDegradedServiceStaysDegradedWhileNobodyCanTell() {
        flow.untilSteady();
        flow.prober.answers(FakeProber.status(503));
        flow.until("Degraded", True, Reason.ReadinessFailed);
        networkDies();
        flow.until("Available", Unknown, Reason.ProberIsolated);
        assertThat(flow.told("Degraded", "Ready"))
                .containsExactly("Degraded=True/ReadinessFailed", "Ready=False/ReadinessFailed");
        flow.until("Ready", Unknown, Reason.ProberIsolated);
        assertThat(flow.told("Degraded")).containsExactly("Degraded=True/ReadinessFailed");
        networkComesBack();
        flow.untilReady().assertQuiet();
        assertThat(flow.told("Degraded")).containsExactly("Degraded=False/NotDegraded");
    }

    @Test
    void aNewGenerationIsNotReadyWhileNobodyCanTell() {
        flow.untilSteady();
        flow.prober.onAsk(() -> flow.witnesses.asked("other.example.com", false));
        flow.prober.answers(FakeProber.unreachable());
        flow.until("Available", Unknown, Reason.ProberIsolated);
        flow.set("/revisionHistoryLimit", "7").run();
        assertThat(flow.told("Ready")).containsExactly("Ready=Unknown/ProberIsolated");
        flow.assertQuiet();
    }

    @Test
    void aReleaseIsNotBlamedForANetworkOfOursThatIsDead() {
        flow.untilSteady();
        flow.prober.onAsk(() -> flow.witnesses.asked("other.example.com", false));
        flow.set("/containers/0/image", "example.com/api:2");
        flow.until("Reconciling", True, Reason.Verifying);
        flow.prober.answers(FakeProber.unreachable());
        flow.until("Stalled", True, Reason.VerificationInconclusive);
        assertThat(flow.store.status().failed()).isNull();
        assertThat(flow.told("Degraded")).containsExactly("Degraded=False/NotDegraded");
        flow.prober.answers(FakeProber.status(200));
        flow.untilSteady().assertQuiet();
        assertThat(flow.store.status().currentRevision()).isEqualTo("2");
    }

    @Test
    void oneUnclearTryChangesNothing() {
        flow.untilSteady();
        networkDies();
        flow.pass(Duration.ofSeconds(95));
        var before = flow.store.status();
        networkComesBack();
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.store.status()).isEqualTo(before);
        assertThat(flow.is("Available", False, Reason.ReadinessFailed)).isFalse();
    }
}
