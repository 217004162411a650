package dev.lightkeeper.flow;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.False;
import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static dev.lightkeeper.api.v1alpha1.ConditionStatus.Unknown;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.CheckResult;
import dev.lightkeeper.api.v1alpha1.CheckStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.desired.SecretText;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Checks of more than readiness, over HTTP. */
class EndpointFlowTest {
    private static final String TECH =
            "[{name: tech, path: /api/tech, method: GET, enforcement: Required, expect: {status: [200]}}]";

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

    private Optional<CheckStatus> check(String name) {
        return flow.store.status().checks().stream()
                .filter(check -> check.name().equals(name))
                .findFirst();
    }

    private void declare(String list, String yaml) {
        flow.manifest.initially("/verification/" + list, yaml);
    }

    @Test
    void everyDeclaredCheckHasALineAndAllOfThemAreAskedAtThePaceOfReadiness() {
        declare("endpoints", TECH);
        flow.untilSteady();
        assertThat(flow.store.status().checks())
                .extracting(check ->
                        "%s %s %s %s".formatted(check.type(), check.name(), check.enforcement(), check.status()))
                .containsExactly(
                        "Image image Required Passing",
                        "Environment environment Required Passing",
                        "Readiness readiness Required Passing",
                        "Endpoint tech Required Passing");
        assertThat(flow.told("EndpointsPassed", "LogsPassed"))
                .containsExactly("EndpointsPassed=True/Passing", "LogsPassed=Unknown/NotRequested");
        long before = flow.prober.asked("/api/tech");
        int runs = flow.runs();
        flow.pass(Duration.ofMinutes(10));
        assertThat(flow.prober.asked("/api/tech") - before).isBetween(19L, 21L);
        assertThat(flow.runs() - runs).isBetween(19, 41);
        flow.assertQuiet();
    }

    @Test
    void aReleaseOfWhichAnEndpointFailsIsNotVerifiedAlthoughReadinessPasses() {
        declare("endpoints", TECH);
        flow.prober.at("/api/tech", request -> FakeProber.status(500));
        flow.until("Stalled", True, Reason.VerificationFailed);
        assertThat(flow.message("Stalled")).contains("tech: GET /api/tech: answered 500, expected 200");
        assertThat(flow.told("Ready", "ReadinessPassed", "EndpointsPassed", "Available"))
                .containsExactly(
                        "Ready=False/VerificationFailed",
                        "ReadinessPassed=True/Passing",
                        "EndpointsPassed=False/EndpointsFailed",
                        "Available=True/Passing");
        assertThat(flow.store.status().history().getFirst().failedProbes()).containsExactly("tech");
    }

    @Test
    void anEndpointThatFailsLaterDegradesAndDeploysNothingAndTellsItOnce() {
        declare("endpoints", TECH);
        flow.untilSteady();
        int told = flow.events.size();
        flow.prober.at("/api/tech", request -> FakeProber.status(500));
        flow.until("Ready", False, Reason.EndpointsFailed);
        assertThat(flow.told("Degraded", "EndpointsPassed", "Available"))
                .containsExactly(
                        "Degraded=True/EndpointsFailed",
                        "EndpointsPassed=False/EndpointsFailed",
                        "Available=True/Passing");
        assertThat(flow.events).hasSize(told + 1);
        flow.assertQuiet();
        flow.prober.at("/api/tech", null);
        flow.until("Ready", True, Reason.Verified);
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
    }

    @Test
    void anAdvisoryCheckIsShownAndNeverCountsInARolloutOrLater() {
        declare("endpoints", TECH.replace("Required", "Advisory"));
        flow.prober.at("/api/tech", request -> FakeProber.status(500));
        flow.untilSteady();
        assertThat(check("tech").orElseThrow().status()).isEqualTo(CheckResult.Failing);
        assertThat(flow.told("Ready", "Degraded", "EndpointsPassed"))
                .containsExactly(
                        "Ready=True/Verified", "Degraded=False/NotDegraded", "EndpointsPassed=Unknown/NotRequested");
        flow.assertQuiet();
    }

    @Test
    void oneMissOfAnEndpointChangesNothing() {
        declare("endpoints", TECH);
        flow.untilSteady();
        flow.prober.at("/api/tech", request -> FakeProber.status(500));
        flow.pass(Duration.ofSeconds(40));
        flow.prober.at("/api/tech", null);
        assertThat(flow.told("Ready")).containsExactly("Ready=True/Verified");
        flow.assertQuiet();
    }

    @Test
    void anEndpointIsAskedWithItsOwnHeadersOnly() {
        flow.references.secret("probe", Map.of("token", "t0ken-of-tech"));
        flow.references.secret("ready", Map.of("token", "t0ken-of-ready"));
        flow.manifest.initially(
                "/readiness/headers", "[{name: X-Ready, valueFrom: {secretKeyRef: {name: ready, key: token}}}]");
        declare(
                "endpoints",
                "[{name: tech, path: /api/tech, method: HEAD, enforcement: Required, headers: [{name: Authorization, valueFrom: {secretKeyRef: {name: probe, key: token}}}]}]");
        flow.untilReady();
        assertThat(flow.prober.requests())
                .filteredOn(request -> request.uri().getPath().equals("/api/tech"))
                .isNotEmpty()
                .allSatisfy(request -> {
                    assertThat(request.method()).isEqualTo("HEAD");
                    assertThat(request.headers())
                            .containsOnly(Map.entry("Authorization", SecretText.of("t0ken-of-tech")));
                });
    }

    @Test
    void aMissingSecretOfAnAdvisoryCheckBlocksNothing() {
        declare(
                "endpoints",
                "[{name: tech, path: /api/tech, method: GET, enforcement: Advisory, headers: [{name: Authorization, valueFrom: {secretKeyRef: {name: gone, key: token}}}]}]");
        flow.untilSteady();
        assertThat(check("tech").orElseThrow().status()).isEqualTo(CheckResult.Unknown);
        assertThat(check("tech").orElseThrow().message()).contains("Secret \"gone\"");
        assertThat(flow.prober.asked("/api/tech")).isZero();
    }

    @Test
    void aCheckThatIsAddedWhileARolloutIsVerifiedHasToPassToo() {
        flow.until(() -> check("readiness")
                .filter(readiness -> readiness.status() == CheckResult.Passing)
                .isPresent());
        flow.prober.at("/api/tech", request -> FakeProber.status(500));
        flow.set("/verification/endpoints", TECH);
        flow.until("Stalled", True, Reason.VerificationFailed);
        assertThat(flow.message("Stalled")).contains("tech");
    }

    @Test
    void aRestartOfTheOperatorKeepsTheVerdictsUntilItHasTriesOfItsOwn() {
        declare("endpoints", TECH);
        flow.untilSteady();
        flow.prober.at("/api/tech", request -> FakeProber.status(500));
        flow.until("Ready", False, Reason.EndpointsFailed);
        List<CheckStatus> before = flow.store.status().checks();
        flow.restart();
        flow.run();
        assertThat(flow.store.status().checks()).isEqualTo(before);
        assertThat(flow.told("Ready")).containsExactly("Ready=False/EndpointsFailed");
    }

    @Test
    void aPathThatMustNotExistFailsWhereItIsAnswered() {
        declare(
                "endpoints",
                "[{name: phantom, path: /api/health, method: GET, enforcement: Required, expect: {absent: true}}]");
        flow.prober.at("/api/health", request -> FakeProber.status(404));
        flow.untilSteady();
        flow.prober.at("/api/health", null);
        flow.until("Ready", False, Reason.EndpointsFailed);
        assertThat(flow.message("EndpointsPassed"))
                .isEqualTo("phantom: GET /api/health: answered 200, expected 404 or 410");
    }

    @Test
    void aRandomPathThatIsAnsweredRefusesTheRelease() {
        flow.manifest.initially("/verification/randomPathControl", "Enforce");
        flow.until("Stalled", True, Reason.VerificationFailed);
        assertThat(flow.message("EndpointsPassed"))
                .isEqualTo("random-path: GET of a random path: answered 200, expected 404 or 410");
    }

    @Test
    void corsThatIsLostDegradesAndIsToldWithItsCause() {
        declare(
                "cors",
                "[{name: app, path: /api/tech, origin: 'https://app.example.com', method: GET, enforcement: Required}]");
        flow.prober.answers(FakeProber.page(200, "", "access-control-allow-origin", "https://app.example.com"));
        flow.untilSteady();
        assertThat(flow.prober.requests())
                .extracting(request -> request.method() + " " + request.uri().getPath())
                .contains("OPTIONS /api/tech", "GET /api/tech");
        flow.prober.answers(FakeProber.status(200));
        flow.until("Ready", False, Reason.EndpointsFailed);
        assertThat(flow.message("EndpointsPassed"))
                .isEqualTo(
                        "app: CORS of GET /api/tech for https://app.example.com: the preflight has no header access-control-allow-origin");
    }

    @Test
    void twoChecksThatPassAreToldInOneAndOneThatFailsByItsName() {
        declare(
                "endpoints",
                "[{name: tech, path: /api/tech, method: GET, enforcement: Required}, {name: orders, path: /orders, method: GET, enforcement: Required}]");
        flow.untilSteady();
        assertThat(flow.message("EndpointsPassed")).isEqualTo("every check passes");
        flow.prober.at("/orders", request -> FakeProber.status(500));
        flow.until("Ready", False, Reason.EndpointsFailed);
        assertThat(flow.message("EndpointsPassed")).isEqualTo("orders: GET /orders: answered 500, expected 200-299");
        flow.prober.at("/orders", request -> FakeProber.status(429));
        flow.until("EndpointsPassed", Unknown, Reason.NotObserved);
        assertThat(flow.message("EndpointsPassed")).startsWith("orders: GET /orders: answered 429");
    }

    @Test
    void aDeadNetworkOfOursSaysNothingAboutEndpointsAndTheLogIsToldAllTheSame() {
        declare("endpoints", TECH);
        declare("logMilestones", "[{name: listening, pattern: Listening, withinSeconds: 120, enforcement: Required}]");
        flow.cloud.log().startsWith("Listening");
        flow.untilSteady();
        flow.prober.answers(FakeProber.unreachable());
        flow.prober.at("/api/tech", request -> FakeProber.unreachable());
        flow.cloud.answers(false);
        flow.until("EndpointsPassed", Unknown, Reason.ProberIsolated);
        assertThat(flow.told("Ready", "LogsPassed", "Degraded"))
                .containsExactly("Ready=True/Verified", "LogsPassed=True/Passing", "Degraded=False/NotDegraded");
    }

    @Test
    void anEndpointThatRecoversWhileAwsIsOutIsNoLongerDegraded() {
        declare("endpoints", TECH);
        flow.untilSteady();
        flow.prober.at("/api/tech", request -> FakeProber.status(500));
        flow.until("Degraded", True, Reason.EndpointsFailed);
        flow.cloud.answers(false);
        flow.prober.at("/api/tech", null);
        flow.pass(Duration.ofMinutes(2));
        assertThat(flow.told("EndpointsPassed", "Degraded"))
                .containsExactly("EndpointsPassed=True/Passing", "Degraded=False/NotDegraded");
    }
}
