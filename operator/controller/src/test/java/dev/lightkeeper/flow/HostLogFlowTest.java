package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.False;
import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static dev.lightkeeper.api.v1alpha1.ConditionStatus.Unknown;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.CheckResult;
import dev.lightkeeper.api.v1alpha1.CheckStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.verify.LogSource.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a service on hosts writes: into each host's own log, or into CloudWatch Logs. */
class HostLogFlowTest {
    private static final String LISTENING = "Listening on port 3697";
    private static final String SECOND = "example.com/api:2";
    private static final Reading UNREADABLE = new Reading.Missing(
            new Failure.Terminal("LogUnreadable", "host i-2: its runtime does not give the log out"));

    private final Flow flow = Flow.onHosts();

    @BeforeEach
    void begin() {
        flow.fleet.log().startsWith("Starting", LISTENING);
    }

    @AfterEach
    void nothingWasDoneTwice() {
        assertThat(flow.fleet.offences()).isEmpty();
    }

    private Flow milestone(String... more) {
        flow.manifest.initially(
                "/verification/logMilestones",
                "[{name: listening, pattern: 'Listening on port', withinSeconds: 120, enforcement: Required%s}]"
                        .formatted(String.join("", more)));
        return flow;
    }

    private Flow forbidden() {
        flow.manifest.initially(
                "/verification/forbiddenLogPatterns",
                "[{name: uncaught, pattern: UncaughtException, maxMatches: 0, windowSeconds: 300, enforcement: Required}]");
        return flow;
    }

    private Flow inCloudWatch() {
        flow.manifest.initially("/ec2/logGroup", "{name: /api/production, stream: api/production}");
        return flow;
    }

    private CheckStatus check(String name) {
        return flow.store.status().checks().stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void untilVerifying() {
        flow.until(() -> flow.is("Reconciling", True, Reason.Verifying));
    }

    // Milestones.

    @Test
    void milestoneOfEveryHostVerifiesTheRelease() {
        milestone().untilSteady();
        assertThat(flow.told("Ready", "LogsPassed")).containsExactly("Ready=True/Verified", "LogsPassed=True/Passing");
        flow.assertQuiet();
    }

    @Test
    void milestoneThatOneHostDoesNotReachTakesTheReleaseBackFromAll() {
        milestone().untilSteady();
        flow.fleet
                .log()
                .startsWith((host, images) -> host.equals("i-2") && images.contains(SECOND)
                        ? List.of("Starting")
                        : List.of("Starting", LISTENING));

        flow.set("/containers/0/image", SECOND).until("Stalled", True, Reason.RolledBack);

        assertThat(flow.message("Stalled")).contains("listening: host i-2: the line was not found within 120 s");
        assertThat(flow.fleet.running().values()).containsOnly("1 [" + Manifest.IMAGE + "]");
        flow.until(() -> flow.is("LogsPassed", True, Reason.Passing));
    }

    @Test
    void secondsCountFromTheStartOnTheHostByTheClockOfTheHost() {
        flow.fleet.log().clockAhead("i-1", Duration.ofMinutes(4));
        flow.fleet.log().clockAhead("i-2", Duration.ofMinutes(-2));
        milestone().untilSteady();
        assertThat(check("listening").status()).isEqualTo(CheckResult.Passing);
    }

    @Test
    void lineThatComesTooLateIsMissing() {
        flow.manifest.initially("/rollout/onFailure", "Hold");
        flow.fleet.log().startsWith("Starting");
        milestone();
        untilVerifying();
        Instant begun = flow.clock.instant();
        flow.until(() -> check("listening").status() == CheckResult.Failing);
        assertThat(Duration.between(begun, flow.clock.instant())).isLessThan(Duration.ofMinutes(3));
        flow.fleet.log().write("i-1", LISTENING);
        flow.fleet.log().write("i-2", LISTENING);
        flow.until("Stalled", True, Reason.VerificationFailed);
    }

    @Test
    void silentHostIsNeitherAFailureNorAPass() {
        flow.fleet.log().startsWith((host, images) -> host.equals("i-2") ? List.of() : List.of(LISTENING));
        milestone().until("Stalled", True, Reason.VerificationInconclusive);
        assertThat(check("listening").status()).isEqualTo(CheckResult.Unknown);
        assertThat(check("listening").message()).contains("host i-2: the log holds no line");
        assertThat(flow.told("Ready")).containsExactly("Ready=Unknown/VerificationInconclusive");
    }

    @Test
    void linesOfTheReleaseBeforeProveNothing() {
        milestone().untilSteady();
        flow.fleet
                .log()
                .startsWith((host, images) -> images.contains(SECOND) ? List.of("Starting") : List.of(LISTENING));
        flow.set("/containers/0/image", SECOND)
                .until(() -> flow.fleet.audit().getLast().equals("activate i-1"));
        flow.fleet.log().write("i-1", LISTENING);
        flow.until("Stalled", True, Reason.RolledBack);
    }

    @Test
    void logOfWhichAPartWasLostDoesNotFailARelease() {
        flow.fleet.log().startsWith("Starting");
        flow.fleet.log().cuts("i-1");
        flow.fleet.log().cuts("i-2");
        milestone().until("Stalled", True, Reason.VerificationInconclusive);
        assertThat(check("listening").status()).isEqualTo(CheckResult.Unknown);
    }

    @Test
    void hostThatJoinsLaterHasToReachTheMilestoneToo() {
        milestone().untilSteady();
        flow.fleet.add("i-3");
        flow.fleet.log().startsWith((host, images) -> host.equals("i-3") ? List.of("Starting") : List.of(LISTENING));
        flow.set("/scale", "3").until("LogsPassed", False, Reason.LogsFailed);
        assertThat(check("listening").message()).startsWith("host i-3: ");
    }

    @Test
    void hostsThatARepairDidNotTouchNeedNoLineAnew() {
        milestone().untilSteady().pass(Duration.ofHours(2));
        flow.fleet.host("i-1").kill("api");
        flow.until(() -> flow.fleet.audit().getLast().startsWith("activate")
                        && flow.store.status().rollout() == null)
                .untilReady();
        assertThat(flow.told("LogsPassed")).containsExactly("LogsPassed=True/Passing");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void newProcessKeepsWhatWasProved(boolean written) {
        milestone();
        forbidden().untilSteady().pass(Duration.ofHours(5));
        Journal journal = new Journal(flow);
        flow.restart();
        if (written) {
            flow.fleet.log().write("i-1", "GET /orders 200");
        }
        flow.pass(Duration.ofHours(1));
        assertThat(journal.transitions()).isEmpty();
        assertThat(flow.told("Ready", "LogsPassed")).containsExactly("Ready=True/Verified", "LogsPassed=True/Passing");
    }

    // Forbidden patterns.

    @Test
    void forbiddenLineOnOneHostTakesTheReleaseBack() {
        forbidden().untilSteady();
        flow.set("/containers/0/image", SECOND).untilReady();
        flow.fleet.log().write("i-2", "UncaughtException: db of t0p-secret");

        flow.until("Stalled", True, Reason.RolledBack);

        assertThat(flow.message("Stalled"))
                .contains("uncaught: host i-2: the pattern was found")
                .doesNotContain("db of");
        assertThat(flow.fleet.running().values()).containsOnly("1 [" + Manifest.IMAGE + "]");
    }

    @Test
    void releaseIsNotVerifiedBeforeForbiddenLinesCount() {
        forbidden();
        untilVerifying();
        Instant begun = flow.clock.instant();
        flow.untilReady();
        assertThat(Duration.between(begun, flow.clock.instant())).isGreaterThanOrEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void clockThatWasAheadHidesNothingOnceItIsSetRight() {
        forbidden().untilSteady().pass(Duration.ofHours(2));
        flow.fleet.log().clockAhead("i-1", Duration.ofHours(1));
        flow.fleet.log().write("i-1", "GET /orders 200");
        flow.pass(Duration.ofMinutes(5));
        flow.fleet.log().clockAhead("i-1", Duration.ZERO);
        Instant written = flow.clock.instant();
        flow.fleet.log().write("i-1", "UncaughtException");

        flow.until("Ready", False, Reason.LogsFailed);
        assertThat(Duration.between(written, flow.clock.instant())).isLessThan(Duration.ofMinutes(10));
    }

    @Test
    void forbiddenLineAfterTheBakeTimeIsToldAndClears() {
        forbidden().untilSteady().pass(Duration.ofHours(2));
        int sent = flow.fleet.audit().size();
        flow.fleet.log().write("i-1", "UncaughtException");
        flow.until("Ready", False, Reason.LogsFailed);
        assertThat(flow.told("Degraded", "Available"))
                .containsExactly("Degraded=True/LogsFailed", "Available=True/Passing");
        flow.pass(Duration.ofMinutes(4));
        flow.fleet.log().write("i-1", "GET /orders 200");
        flow.fleet.log().write("i-2", "GET /orders 200");
        flow.until("Ready", True, Reason.Verified).assertQuiet();
        assertThat(flow.fleet.audit()).hasSize(sent);
    }

    @Test
    void excerptIsTakenOnlyWhereEveryValueIsKnown() {
        flow.manifest.initially("/containers/0/env", "[{name: MODE, value: modest}]");
        forbidden().untilSteady();
        flow.fleet.log().write("i-1", "UncaughtException of modest");
        flow.until("Ready", False, Reason.LogsFailed);
        assertThat(flow.excerpts).containsExactly("uncaught: UncaughtException of ***");
    }

    @Test
    void noExcerptIsTakenWhereOnlyTheHostsKnowAValue() {
        flow.parameters.put("/api/token", "t0p-secret");
        flow.manifest.initially(
                "/containers/0/env", "[{name: TOKEN, valueFrom: {ssmParameterRef: {name: /api/token}}}]");
        forbidden().untilSteady();
        flow.fleet.log().write("i-1", "UncaughtException of t0p-secret");
        flow.until("Ready", False, Reason.LogsFailed);
        assertThat(flow.excerpts).isEmpty();
    }

    // Where the log is.

    @Test
    void logThatAHostDoesNotGiveOutIsNamedAndProvesNothing() {
        flow.fleet.log().answers("i-2", UNREADABLE);
        milestone();
        flow.until("LogsPassed", Unknown, Reason.LogSourceMissing);
        assertThat(flow.message("LogsPassed")).contains("host i-2: its runtime does not give the log out");
        flow.until("Stalled", True, Reason.VerificationInconclusive);
        flow.fleet.log().answers("i-2", null);
        flow.untilReady();
        assertThat(flow.told("LogsPassed")).containsExactly("LogsPassed=True/Passing");
    }

    @Test
    void missingGroupIsNamedAndCuredByItsFirstLines() {
        flow.cloud.log().missing(new Failure.Terminal("NotFoundException", "there is no log group /api/production"));
        inCloudWatch();
        milestone();
        flow.until("LogsPassed", Unknown, Reason.LogSourceMissing);
        assertThat(flow.message("LogsPassed")).contains("there is no log group /api/production");
        flow.cloud.log().missing(null);
        flow.cloud.log().write(LISTENING);
        flow.untilReady();
        assertThat(flow.told("LogsPassed")).containsExactly("LogsPassed=True/Passing");
    }

    @Test
    void missingGroupStaysNamedAcrossARestart() {
        inCloudWatch();
        forbidden();
        untilVerifying();
        flow.cloud.log().write(LISTENING);
        flow.untilSteady();
        flow.cloud.log().missing(new Failure.Denied("AccessDeniedException", "logs:FilterLogEvents", "it is denied"));
        flow.until("LogsPassed", Unknown, Reason.LogSourceMissing);
        Journal journal = new Journal(flow);
        flow.cloud.log().busy(true);
        flow.restart();
        flow.pass(Duration.ofMinutes(5));
        flow.cloud.log().busy(false);
        flow.pass(Duration.ofMinutes(5));
        assertThat(journal.transitions()).doesNotContainKey("LogsPassed");
        assertThat(flow.told("Ready", "Degraded"))
                .containsExactly("Ready=Unknown/Verifying", "Degraded=False/NotDegraded");
    }

    @Test
    void oneStreamForAllHostsNeedsTheMilestoneOnceForADeployment() {
        inCloudWatch();
        flow.cloud.log().arrivesAfter(Duration.ofSeconds(100));
        milestone();
        untilVerifying();
        flow.cloud.log().write(LISTENING);
        flow.pass(Duration.ofSeconds(90));
        assertThat(check("listening").status()).isEqualTo(CheckResult.Unknown);
        flow.untilReady();
        assertThat(flow.fleet.log().commands()).isEmpty();
    }

    @Test
    void streamWhoseClockRunsAheadIsJudgedByOurs() {
        inCloudWatch();
        flow.cloud.log().clockAhead(Duration.ofHours(1));
        milestone();
        untilVerifying();
        flow.cloud.log().write(LISTENING);
        flow.untilReady();
    }

    @Test
    void streamWithoutAnyLineIsUnknown() {
        inCloudWatch();
        milestone().until("Stalled", True, Reason.VerificationInconclusive);
        assertThat(check("listening").message()).contains("no line of the application");
    }

    @Test
    void applicationCannotPretendToBeAws() {
        inCloudWatch();
        milestone();
        untilVerifying();
        flow.cloud.log().write("[deployment:1] Started 9 new nodes");
        flow.cloud.log().write(LISTENING);
        flow.untilReady();
    }

    // What it costs.

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void hostsAreAskedForLogsNoOftenerThanTheyAreLookedAt(boolean balanced) {
        if (balanced) {
            flow.manifest.initially("/ec2/publicUrl", "https://api.example.com").initially("/readiness/from", "Host");
        }
        forbidden().untilSteady();
        int before = flow.fleet.log().commands().size();
        flow.pass(Duration.ofHours(1));
        assertThat(flow.fleet.log().commands().size() - before).isBetween(balanced ? 20 : 35, balanced ? 30 : 60);
    }
}
