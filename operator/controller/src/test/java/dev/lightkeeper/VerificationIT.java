package dev.lightkeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.CheckResult;
import dev.lightkeeper.api.v1alpha1.CheckStatus;
import dev.lightkeeper.api.v1alpha1.CheckType;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every kind of check against services that really answer and really write logs. */
@Order(2)
class VerificationIT {
    private static final String GOOD = "good";
    private static final List<String> BAD = List.of(
            "no-cors",
            "cors-only-on-success",
            "cors-wrong-origin",
            "cors-star-with-credentials",
            "catch-all",
            "phantom-endpoint",
            "html-instead-of-json",
            "slow-answers",
            "never-listens",
            "logs-errors");

    private static World world;

    /** All at once, since each has to wait for clocks of its own. */
    @BeforeAll
    static void start() {
        world = new World(EmbeddedKubernetes.alone());
        apply(GOOD, "ghcr.io/acme/api:1.4.162");
        BAD.forEach(image -> apply(image, "ghcr.io/acme/" + image + ":1"));
        applyWorker();
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    private static void apply(String name, String image) {
        var _ = world.apply(ServiceDeployment.class, """
                apiVersion: lightkeeper.dev/v1alpha1
                kind: ServiceDeployment
                metadata: {name: %1$s, namespace: %2$s}
                spec:
                  accountRef: {name: %2$s}
                  lightsail: {serviceName: %1$s, power: nano}
                  deletionPolicy: Delete
                  containers:
                    - {name: api, image: "%3$s", ports: [{containerPort: 3697}]}
                  publicEndpoint: {healthCheck: {path: /health/live}}
                  readiness: {path: /health/live, periodSeconds: 2, timeoutSeconds: 2}
                  verification:
                    deadlineSeconds: 190
                    backoff: {initialSeconds: 1, factor: 1, maxSeconds: 1}
                    endpoints:
                      - {name: tech, path: /api/tech/health, expect: {json: [{pointer: /status, equals: ok}], maxLatencyMillis: 1000}}
                      - {name: phantom, path: /api/health, expect: {absent: true}}
                    cors: [{name: app, path: /api/tech/health, origin: "https://app.example.com"}]
                    randomPathControl: Enforce
                    logMilestones: [{name: listening, pattern: "Listening on port 3697", withinSeconds: 10}]
                    forbiddenLogPatterns: [{name: errors, pattern: "^ERROR", windowSeconds: 300}]
                  rollout: {minReadySeconds: 1, bakeSeconds: 6}
                """.formatted(name, world.namespace(), image));
    }

    private static void applyWorker() {
        var _ = world.apply(ServiceDeployment.class, """
                apiVersion: lightkeeper.dev/v1alpha1
                kind: ServiceDeployment
                metadata: {name: worker, namespace: %1$s}
                spec:
                  accountRef: {name: %1$s}
                  lightsail: {serviceName: worker, power: nano}
                  deletionPolicy: Delete
                  containers: [{name: worker, image: "ghcr.io/acme/worker:1"}]
                  verification:
                    deadlineSeconds: 240
                    logMilestones: [{name: jobs, pattern: "Waiting for jobs", withinSeconds: 60}]
                  rollout: {minReadySeconds: 1, bakeSeconds: 6}
                """.formatted(world.namespace()));
    }

    private static CheckStatus check(ServiceDeployment resource, CheckType type, String name) {
        return resource.getStatus().checks().stream()
                .filter(check -> check.type() == type && check.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aGoodReleasePassesEveryCheck() {
        ServiceDeployment ready = world.untilReady(GOOD);
        assertThat(ready.getStatus().checks()).hasSize(9).allMatch(check -> check.status() == CheckResult.Passing);
        for (String type : new String[] {"ReadinessPassed", "EndpointsPassed", "LogsPassed"}) {
            assertThat(World.condition(ready, type))
                    .hasValueSatisfying(
                            condition -> assertThat(condition.status()).isEqualTo(ConditionStatus.True));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "no-cors, Cors, app, the preflight",
        "cors-only-on-success, Cors, app, an error answer has no header",
        "cors-wrong-origin, Cors, app, another origin",
        "cors-star-with-credentials, Cors, app, any origin together with credentials",
        "catch-all, RandomPath, random-path, answered 200",
        "phantom-endpoint, Endpoint, phantom, answered 200",
        "html-instead-of-json, Endpoint, tech, HTML",
        "slow-answers, Endpoint, tech, longer than 1000 ms",
        "never-listens, LogMilestone, listening, was not found",
        "logs-errors, ForbiddenLogPattern, errors, more often",
    })
    void aBadReleaseIsFoundByTheCheckThatIsMeantForIt(String image, CheckType type, String name, String message) {
        assertThat(BAD).contains(image);
        ServiceDeployment bad = world.until(
                image,
                found -> found.getStatus().checks().stream()
                        .anyMatch(check -> check.type() == type
                                && check.name().equals(name)
                                && check.status() == CheckResult.Failing));
        assertThat(check(bad, type, name).message()).contains(message);
    }

    @Test
    void aWorkerIsProvedByItsLog() {
        ServiceDeployment ready = world.untilReady("worker");
        assertThat(World.condition(ready, "Available"))
                .hasValueSatisfying(condition ->
                        assertThat(condition.message()).isEqualTo("the worker runs and reached its milestones"));
    }
}
