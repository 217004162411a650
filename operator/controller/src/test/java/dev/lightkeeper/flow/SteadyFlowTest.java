package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static dev.lightkeeper.flow.FakeProber.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A service that was proved is watched for ever: its readiness. */
class SteadyFlowTest {
    private final Flow flow = new Flow();

    @BeforeEach
    void steady() {
        flow.untilSteady();
        flow.pass(Duration.ofMinutes(10));
    }

    @AfterEach
    void nothingWasCalledBeyondTheRollout() {
        assertThat(flow.cloud.offences()).isEmpty();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
    }

    @Test
    void brokenReadinessIsDegradedInTimeAndBackByItself() {
        flow.clock.advance(Duration.ofSeconds(7));
        Instant broken = flow.clock.instant();
        flow.prober.answers(status(503));
        flow.until("Degraded", True, Reason.ReadinessFailed);
        assertThat(Duration.between(broken, flow.clock.instant()))
                .isLessThanOrEqualTo(Duration.ofSeconds(30 * 3 + 5 + 30));
        assertThat(flow.told("Ready", "Available", "ReadinessPassed", "Reconciling", "Stalled"))
                .containsExactly(
                        "Ready=False/ReadinessFailed",
                        "Available=False/ReadinessFailed",
                        "ReadinessPassed=False/ReadinessFailed",
                        "Reconciling=-",
                        "Stalled=-");
        assertThat(flow.message("Degraded")).contains("GET /health/ready", "answered 503");
        flow.assertQuiet();
        flow.prober.answers(status(200));
        flow.untilReady();
        assertThat(flow.told("Degraded", "Available"))
                .containsExactly("Degraded=False/NotDegraded", "Available=True/Passing");
        flow.assertQuiet();
    }

    @Test
    void degradedIsToldByOneEventAndRecoveryByOne() {
        int before = flow.events.size();
        flow.prober.answers(status(503));
        flow.until("Degraded", True, Reason.ReadinessFailed);
        assertThat(flow.events.subList(before, flow.events.size()))
                .singleElement()
                .satisfies(event -> assertThat(event.reason()).isEqualTo(Reason.ReadinessFailed));
        flow.prober.answers(status(200));
        flow.untilReady();
        assertThat(flow.events).hasSize(before + 2);
    }

    @Test
    void oneBadAnswerIsAskedAgainAtOnceAndIsNoMiss() {
        int writes = flow.store.writes();
        flow.prober.next(status(500));
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.store.writes()).isEqualTo(writes);
    }

    @Test
    void fewerMissesThanTheThresholdChangeNothing() {
        int writes = flow.store.writes();
        flow.prober.next(status(500), status(500), status(500), status(500));
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.store.writes()).isEqualTo(writes);
    }

    @Test
    void fourMissesInTwentyTriesFail() {
        IntStream.range(0, 4).forEach(i -> flow.prober.next(status(500), status(500), status(200), status(200)));
        flow.until("Degraded", True, Reason.ReadinessFailed);
        flow.untilReady().assertQuiet();
    }

    @Test
    void anAnswerOf429IsNoEvidenceAgainstTheService() {
        int writes = flow.store.writes();
        flow.prober.next(status(429), status(429));
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.store.writes()).isEqualTo(writes);
    }

    @Test
    void readinessThatNobodyCanTellIsUnknownNotDegraded() {
        flow.prober.answers(status(429));
        flow.until(() ->
                flow.condition("ReadinessPassed").orElseThrow().status().name().equals("Unknown"));
        assertThat(flow.told("Degraded", "Stalled")).containsExactly("Degraded=False/NotDegraded", "Stalled=-");
        assertThat(flow.is("Ready", True, Reason.Verified)).isFalse();
        flow.assertQuiet();
        flow.prober.answers(status(200));
        flow.untilReady().assertQuiet();
    }

    @Test
    void deadNetworkOfOursIsNotBlamedOnTheService() {
        flow.prober.answers(FakeProber.unreachable());
        flow.cloud.answers(false);
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.told("Ready", "Degraded")).containsExactly("Ready=True/Verified", "Degraded=False/NotDegraded");
        flow.pass(Duration.ofMinutes(10));
        assertThat(flow.is("Ready", True, Reason.Verified)).isFalse();
        assertThat(flow.told("Degraded")).containsExactly("Degraded=False/NotDegraded");
        flow.cloud.answers(true);
        flow.prober.answers(status(200));
        flow.untilReady().assertQuiet();
    }

    @Test
    void unreachableServiceIsFailingWhileAwsAnswers() {
        flow.prober.answers(FakeProber.unreachable());
        flow.until("Degraded", True, Reason.ReadinessFailed);
        assertThat(flow.message("Degraded")).contains("refused");
    }

    @Test
    void newOperatorWithTheSameResourceChangesNothing() {
        var before = flow.store.status();
        flow.restart();
        flow.step();
        flow.pass(Duration.ofMinutes(20));
        assertThat(flow.store.status()).isEqualTo(before);
    }

    @Test
    void restartWhileDegradedStaysDegradedUntilProvedOtherwise() {
        flow.prober.answers(status(503));
        flow.until("Degraded", True, Reason.ReadinessFailed);
        flow.restart();
        flow.assertQuiet();
        flow.prober.answers(status(200));
        flow.untilReady().assertQuiet();
    }

    @Test
    void shortSilenceOfAwsKeepsReadyAndALongOneEndsIt() {
        flow.cloud.answers(false);
        flow.pass(Duration.ofSeconds(590));
        assertThat(flow.told("Ready", "Synced", "Reconciling"))
                .containsExactly("Ready=True/Verified", "Synced=True/InSync", "Reconciling=-");
        flow.pass(Duration.ofSeconds(60));
        assertThat(flow.told("Ready", "Synced", "Reconciling", "Available"))
                .containsExactly(
                        "Ready=Unknown/ObservationStale",
                        "Synced=Unknown/ObservationStale",
                        "Reconciling=True/ObservationStale",
                        "Available=True/Passing");
        flow.assertQuiet();
        flow.cloud.answers(true);
        flow.untilReady().assertQuiet();
    }

    @Test
    void aNewGenerationDuringSilenceIsNotReady() {
        flow.cloud.answers(false);
        flow.set("/containers/0/env", "[{name: A, value: b}]").run();
        assertThat(flow.told("Ready")).containsExactly("Ready=Unknown/ObservationStale");
        flow.set("/containers/0/env", null);
        flow.cloud.answers(true);
        flow.untilReady();
    }

    @Test
    void aPolicyChangeWhileTheOperatorWasReplacedKeepsDegraded() {
        steady();
        flow.prober.answers(status(503));
        flow.until("Degraded", True, Reason.ReadinessFailed);
        flow.restart();
        flow.set("/suspend", "true").run();
        assertThat(flow.told("Ready", "Degraded", "Available"))
                .containsExactly(
                        "Ready=False/ReadinessFailed",
                        "Degraded=True/ReadinessFailed",
                        "Available=False/ReadinessFailed");
    }

    @Test
    void aPolicyChangeWhileTheOperatorWasReplacedKeepsReadyThroughOneMiss() {
        steady();
        flow.restart();
        flow.prober.next(status(503), status(503));
        flow.set("/suspend", "true").run();
        assertThat(flow.told("Ready")).containsExactly("Ready=True/Verified");
    }
}
