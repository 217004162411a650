package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.False;
import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static dev.lightkeeper.api.v1alpha1.ConditionStatus.Unknown;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.CheckResult;
import dev.lightkeeper.api.v1alpha1.CheckStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.failure.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The sentences of "Log checks", each as a story. */
class LogFlowTest {
    private static final String LISTENING = "Listening on port 3697";
    private static final Failure DENIED = new Failure.Denied(
            "AccessDeniedException", "lightsail:GetContainerLog", "lightsail:GetContainerLog is denied");
    private static final Failure DOWN = new Failure.Transient("Timeout", "AWS did not answer", false);

    private final Flow flow = new Flow();

    /** What a failed release is told as is what counts here; that it would be taken back is told elsewhere. */
    @BeforeEach
    void hold() {
        flow.manifest.initially("/rollout/onFailure", "Hold");
    }

    @AfterEach
    void nothingForbiddenWasCalled() {
        assertThat(flow.cloud.offences()).isEmpty();
    }

    private void milestone(String... more) {
        flow.manifest.initially(
                "/verification/logMilestones",
                "[{name: listening, pattern: 'Listening on port', withinSeconds: 120, enforcement: Required%s}]"
                        .formatted(String.join("", more)));
        flow.cloud.log().startsWith("Starting Nest application", LISTENING);
    }

    private void forbidden(int maxMatches, String enforcement) {
        flow.manifest.initially(
                "/verification/forbiddenLogPatterns",
                "[{name: uncaught, pattern: UncaughtException, maxMatches: %d, windowSeconds: 300, enforcement: %s}]"
                        .formatted(maxMatches, enforcement));
        flow.cloud.log().startsWith(LISTENING);
    }

    private CheckStatus check(String name) {
        return flow.store.status().checks().stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void untilActive() {
        flow.until(() -> flow.is("Reconciling", True, Reason.Verifying));
    }

    // Milestones.

    @Test
    void aMilestoneOfEachNodeVerifiesTheRelease() {
        milestone();
        flow.untilSteady();
        assertThat(flow.told("Ready", "LogsPassed")).containsExactly("Ready=True/Verified", "LogsPassed=True/Passing");
        assertThat(check("listening").deploymentVersion()).isEqualTo(1);
        flow.assertQuiet();
    }

    @Test
    void aLogIsReadAtMostOnceAMinute() {
        milestone();
        flow.untilSteady().pass(Duration.ofMinutes(20));
        Instant before = Instant.EPOCH;
        for (Instant read : flow.cloud.log().reads()) {
            assertThat(Duration.between(before, read)).isGreaterThanOrEqualTo(Duration.ofSeconds(60));
            before = read;
        }
        assertThat(flow.cloud.log().reads()).hasSizeGreaterThan(20);
    }

    @Test
    void aMissingMilestoneIsDecidedWithinSecondsAndTheLagOfLogsAfterTheStartAndFailsTheRelease() {
        milestone();
        flow.cloud.log().startsWith("Starting Nest application");
        untilActive();
        Instant start = flow.store.status().lightsail().activeTime().minusSeconds(120);
        flow.until(() -> check("listening").status() == CheckResult.Failing);
        assertThat(flow.clock.instant()).isBetween(start.plusSeconds(300), start.plusSeconds(300 + 61));
        flow.until("Stalled", True, Reason.VerificationFailed);
        assertThat(flow.message("Stalled")).contains("listening: the line was not found within 120 s after a start");
        assertThat(flow.told("LogsPassed", "ReadinessPassed"))
                .containsExactly("LogsPassed=False/LogsFailed", "ReadinessPassed=True/Passing");
    }

    @Test
    void eachStartedNodeHasToReachTheMilestone() {
        milestone();
        flow.cloud.log().silentNodes(1);
        flow.until("Stalled", True, Reason.VerificationFailed);
        assertThat(check("listening").status()).isEqualTo(CheckResult.Failing);
    }

    @Test
    void withoutLinesOfNodesItIsExpectedOncePerReplica() {
        milestone();
        flow.cloud.log().tellsNoNodes();
        flow.untilSteady();
        flow.cloud.log().silentNodes(1);
        flow.set("/containers/0/image", "example.com/api:2").until("Stalled", True, Reason.VerificationFailed);
        assertThat(check("listening").status()).isEqualTo(CheckResult.Failing);
    }

    @Test
    void zeroLinesAreUnknownAndNeverAPass() {
        milestone();
        flow.cloud.log().startsWith();
        flow.until("Stalled", True, Reason.VerificationInconclusive);
        assertThat(check("listening").status()).isEqualTo(CheckResult.Unknown);
        assertThat(check("listening").message()).contains("no line of the application");
        assertThat(flow.told("Ready")).containsExactly("Ready=Unknown/VerificationInconclusive");
    }

    @Test
    void laterProofVerifiesWhatWasInconclusive() {
        milestone();
        flow.cloud.log().startsWith();
        flow.until("Stalled", True, Reason.VerificationInconclusive);
        flow.cloud.log().startsWith(LISTENING);
        flow.cloud.log().nodeStarts(1, true);
        flow.cloud.log().nodeStarts(1, true);
        flow.untilReady();
    }

    @Test
    void aDeniedLogIsUnknownAndNamesTheAction() {
        milestone();
        flow.cloud.log().fails(DENIED);
        flow.until("Stalled", True, Reason.VerificationInconclusive);
        assertThat(check("listening").message()).contains("lightsail:GetContainerLog is denied");
        flow.cloud.log().fails(null);
        flow.untilReady();
    }

    @Test
    void aMilestoneIsLatchedForItsVersionAlsoWhenTheLogIsGoneAndAfterARestart() {
        milestone();
        flow.untilSteady();
        flow.cloud.log().drop();
        flow.pass(Duration.ofDays(1)).assertQuiet();
        flow.restart();
        flow.pass(Duration.ofHours(1)).assertQuiet();
        flow.cloud.log().fails(DENIED);
        flow.restart();
        flow.pass(Duration.ofHours(1));
        assertThat(flow.told("Ready", "LogsPassed")).containsExactly("Ready=True/Verified", "LogsPassed=True/Passing");
    }

    @Test
    void anotherVersionHasToReachItsOwnMilestone() {
        milestone();
        flow.untilSteady();
        flow.cloud.log().startsWith("Starting Nest application");
        flow.set("/containers/0/image", "example.com/api:2").until("Stalled", True, Reason.VerificationFailed);
    }

    @Test
    void aNewNodeReopensTheMilestone() {
        milestone();
        flow.untilSteady().pass(Duration.ofHours(1));
        flow.cloud.log().nodeStarts(1, false);
        Instant start = flow.clock.instant();
        flow.until("Ready", False, Reason.LogsFailed);
        assertThat(flow.clock.instant()).isBetween(start.plusSeconds(300), start.plusSeconds(300 + 61));
        assertThat(flow.told("Degraded", "Available"))
                .containsExactly("Degraded=True/LogsFailed", "Available=True/Passing");
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
        // AWS replaces the node.
        flow.cloud.log().nodeStarts(1, true);
        flow.until("Ready", True, Reason.Verified).assertQuiet();
    }

    @Test
    void anotherStartInTheSameContainerReopensAMilestoneWithAfter() {
        milestone(", after: 'Starting Nest application'");
        flow.untilSteady().pass(Duration.ofHours(1));
        flow.cloud.log().write("Starting Nest application");
        flow.until("Ready", False, Reason.LogsFailed);
    }

    @Test
    void aStartThatReachesItsMilestoneInTimeTellsNothing() {
        milestone(", after: 'Starting Nest application'");
        flow.untilSteady().pass(Duration.ofHours(1));
        flow.cloud.log().nodeStarts(1, true);
        int told = flow.events.size();
        flow.pass(Duration.ofHours(1));
        assertThat(flow.events).hasSize(told);
        assertThat(flow.told("Ready")).containsExactly("Ready=True/Verified");
    }

    @Test
    void aReleaseIsNotJudgedBeforeTheLogWasReadAfterItsDeadlineEvenIfTheBudgetIsUsedUp() {
        milestone();
        flow.cloud.log().startsWith("Starting Nest application");
        flow.cloud.log().busy(true);
        untilActive();
        flow.pass(Duration.ofMinutes(30));
        assertThat(flow.told("Reconciling", "Stalled")).containsExactly("Reconciling=True/Verifying", "Stalled=-");
        flow.cloud.log().busy(false);
        flow.until("Stalled", True, Reason.VerificationFailed);
    }

    // Forbidden patterns.

    @Test
    void aForbiddenLineInTheFirstTwoMinutesIsNotCounted() {
        forbidden(0, "Required");
        untilActive();
        flow.pass(Duration.ofSeconds(60));
        flow.cloud.log().write("UncaughtException while the old nodes shut down");
        flow.untilSteady();
        assertThat(flow.told("LogsPassed")).containsExactly("LogsPassed=True/Passing");
    }

    @Test
    void aForbiddenLineInTheBakeTimeFailsTheRelease() {
        forbidden(0, "Required");
        flow.untilReady();
        flow.cloud.log().write("UncaughtException: db of t0p-secret");
        flow.until("Stalled", True, Reason.VerificationFailed);
        assertThat(flow.message("Stalled"))
                .contains("uncaught: the pattern was found")
                .doesNotContain("db of");
    }

    @Test
    void aForbiddenLineLaterDegradesAndClearsAfterACleanWindowWithALineInIt() {
        forbidden(0, "Required");
        flow.untilSteady().pass(Duration.ofHours(2));
        flow.cloud.log().write("UncaughtException");
        flow.until("Ready", False, Reason.LogsFailed);
        Instant failed = flow.clock.instant();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
        flow.pass(Duration.ofMinutes(4));
        flow.cloud.log().write("GET /orders 200");
        flow.until("Ready", True, Reason.Verified);
        assertThat(flow.clock.instant()).isAfter(failed.plusSeconds(300));
        flow.assertQuiet();
    }

    @Test
    void silenceAfterAForbiddenLineIsUnknownAndNotAPass() {
        forbidden(0, "Required");
        flow.untilSteady().pass(Duration.ofHours(2));
        flow.cloud.log().write("UncaughtException");
        flow.until("Ready", False, Reason.LogsFailed);
        flow.until(() -> check("uncaught").status() == CheckResult.Unknown);
        assertThat(flow.told("LogsPassed")).containsExactly("LogsPassed=Unknown/NotObserved");
        flow.cloud.log().write("GET /orders 200");
        flow.until("Ready", True, Reason.Verified);
    }

    @Test
    void aQuietServiceKeepsItsVerdict() {
        forbidden(0, "Required");
        flow.untilSteady().pass(Duration.ofDays(1)).assertQuiet();
        flow.restart();
        flow.pass(Duration.ofHours(1));
        assertThat(flow.told("Ready")).containsExactly("Ready=True/Verified");
    }

    @Test
    void asManyMatchesAsAreToleratedAreNoFault() {
        forbidden(2, "Required");
        flow.untilSteady();
        flow.cloud.log().write("UncaughtException");
        flow.cloud.log().write("UncaughtException");
        flow.pass(Duration.ofMinutes(5));
        assertThat(flow.told("Ready")).containsExactly("Ready=True/Verified");
        flow.pass(Duration.ofHours(1));
        for (int i = 0; i < 3; i++) {
            flow.cloud.log().write("UncaughtException");
            flow.pass(Duration.ofMinutes(4));
        }
        assertThat(flow.told("Ready")).containsExactly("Ready=True/Verified");
        flow.cloud.log().write("UncaughtException");
        flow.cloud.log().write("UncaughtException");
        flow.until("Ready", False, Reason.LogsFailed);
    }

    @Test
    void aPatternThatMatchedInTheHourBeforeTheRolloutCannotFailIt() {
        forbidden(0, "Required");
        flow.untilSteady();
        flow.cloud.log().write("UncaughtException");
        flow.until("Ready", False, Reason.LogsFailed);
        flow.set("/containers/0/image", "example.com/api:2");
        flow.until(() -> flow.store.status().rollout() != null
                && flow.store.status().rollout().phase().name().equals("Verifying"));
        flow.pass(Duration.ofSeconds(130));
        flow.cloud.log().write("UncaughtException");
        flow.until(() -> check("uncaught").status() == CheckResult.Failing);
        assertThat(check("uncaught").message()).contains("not held against this release");
        flow.until(() -> "2".equals(flow.store.status().lastVerifiedRevision()));
        assertThat(flow.store.status().failed()).isNull();
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "deploy");
    }

    @Test
    void aPatternThatIsNewWithTheReleaseFailsIt() {
        forbidden(0, "Required");
        flow.untilSteady().pass(Duration.ofHours(2));
        flow.set("/containers/0/image", "example.com/api:2");
        flow.until(() -> flow.store.status().rollout() != null
                && flow.store.status().rollout().phase().name().equals("Verifying"));
        flow.pass(Duration.ofSeconds(125));
        flow.cloud.log().write("UncaughtException");
        flow.until("Stalled", True, Reason.VerificationFailed);
    }

    @Test
    void anAdvisoryPatternIsOnlyShown() {
        forbidden(0, "Advisory");
        flow.untilReady();
        flow.cloud.log().write("UncaughtException");
        flow.untilSteady();
        flow.cloud.log().write("UncaughtException");
        flow.until(() -> check("uncaught").status() == CheckResult.Failing);
        assertThat(flow.told("Ready", "Degraded", "LogsPassed"))
                .containsExactly(
                        "Ready=True/Verified", "Degraded=False/NotDegraded", "LogsPassed=Unknown/NotRequested");
    }

    @Test
    void aShortOutageOfTheLogChangesNothingAndALongOneMakesItUnknown() {
        forbidden(0, "Required");
        flow.untilSteady();
        flow.cloud.log().fails(DOWN);
        flow.pass(Duration.ofMinutes(9));
        assertThat(flow.told("Ready")).containsExactly("Ready=True/Verified");
        flow.until("LogsPassed", Unknown, Reason.NotObserved);
        assertThat(flow.told("Ready", "Degraded"))
                .containsExactly("Ready=Unknown/Verifying", "Degraded=False/NotDegraded");
        flow.cloud.log().fails(null);
        flow.until("Ready", True, Reason.Verified);
    }

    @Test
    void anExcerptGoesToTheOperatorsLogOnceAndWithoutValuesOfTheEnvironment() {
        flow.references.secret("api", Map.of("dsn", "postgres://t0p-secret"));
        flow.manifest.initially(
                "/containers/0/env",
                "[{name: DSN, valueFrom: {secretKeyRef: {name: api, key: dsn}}}, {name: PORT, value: '80'}]");
        forbidden(0, "Required");
        flow.untilSteady().pass(Duration.ofHours(2));
        flow.cloud.log().write("UncaughtException: cannot reach postgres://t0p-secret on 80");
        flow.until("Ready", False, Reason.LogsFailed);
        flow.pass(Duration.ofMinutes(3));
        assertThat(flow.excerpts).containsExactly("uncaught: UncaughtException: cannot reach *** on 80");
    }

    // Workers.

    @Test
    void aWorkerWithoutEndpointIsProvedByItsMilestones() {
        milestone();
        flow.manifest.initially("/publicEndpoint", null).initially("/readiness", null);
        flow.untilSteady();
        assertThat(flow.told("Ready", "Available", "ReadinessPassed", "LogsPassed"))
                .containsExactly(
                        "Ready=True/Verified",
                        "Available=True/Passing",
                        "ReadinessPassed=Unknown/NotRequested",
                        "LogsPassed=True/Passing");
        assertThat(flow.prober.requests()).isEmpty();
        flow.assertQuiet();
        flow.cloud.log().nodeStarts(1, false);
        flow.until("Available", False, Reason.LogsFailed);
    }

    @Test
    void aWorkerThatSaysNothingIsNotAvailable() {
        milestone();
        flow.manifest.initially("/publicEndpoint", null).initially("/readiness", null);
        flow.cloud.log().startsWith();
        flow.until("Stalled", True, Reason.VerificationInconclusive);
        assertThat(flow.told("Ready")).containsExactly("Ready=Unknown/VerificationInconclusive");
        assertThat(flow.condition("Available").orElseThrow().status()).isNotEqualTo(True);
    }
}
