package dev.lightkeeper.simulators.aws.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What clients see on the wire. */
class ApplicationAnswersTest {
    private static final String IMAGE = ":api.soft-launch-32.165";
    private static final String ORIGIN = "https://app.example.com";

    private final World world = new World(ImageCatalogue.empty());

    @AfterEach
    void close() {
        world.close();
    }

    private void run(String yaml) {
        run(yaml, Map.of());
    }

    private void run(String yaml, Map<String, String> environment) {
        world.catalogue.put(IMAGE, Behaviour.builder().with(yaml).build());
        world.deploy(IMAGE, 1, environment);
        world.passSeconds(45);
    }

    private HttpResponse<String> fromOrigin(String path) throws Exception {
        return world.send("GET", path, Map.of("Origin", ORIGIN));
    }

    private HttpResponse<String> preflight(String path) throws Exception {
        return world.send("OPTIONS", path, Map.of("Origin", ORIGIN, "Access-Control-Request-Method", "GET"));
    }

    @Test
    void bodiesMayTellTheVersionAndNamedVariables() throws Exception {
        run("endpoints: [{path: /v, body: '${tag} ${env:NODE_ENV} ${env:ABSENT}.'}]", Map.of("NODE_ENV", "production"));

        assertThat(world.get("/v").body()).isEqualTo("165 production .");
    }

    @Test
    void theFirstRouteThatMatchesAnswersAndQueriesDoNotMatter() throws Exception {
        run("endpoints: [{path: /a/b, body: one}, {path: '/a/*', body: two}]");

        assertThat(world.get("/a/b?x=1").body()).isEqualTo("one");
        assertThat(world.get("/a/c").body()).isEqualTo("two");
        assertThat(world.get("/c").statusCode()).isEqualTo(404);
        assertThat(world.send("POST", "/a/b", Map.of()).statusCode()).isEqualTo(404);
    }

    @Test
    void aCatchAllPageAnswersPathsThatDoNotExist() throws Exception {
        run("otherPaths: {status: 200, body: '<html></html>'}");

        HttpResponse<String> response = world.get("/no/such/route");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(world.header(response, "content-type")).startsWith("text/html");
    }

    @Test
    void anAnswerThatEndsTooEarlyBreaksTheClientsRead() {
        run("endpoints: [{path: /cut, body: '{\"status\":\"ok\"}', truncateBodyAt: 5}]");

        assertThatThrownBy(() -> world.get("/cut")).isInstanceOf(IOException.class);
    }

    @Test
    void aClosedConnectionGivesTheClientNoAnswer() {
        run("endpoints: [{path: /closed, closeConnection: true}]");

        assertThatThrownBy(() -> world.get("/closed")).isInstanceOf(IOException.class);
    }

    @Test
    void latencyIsRealTime() throws Exception {
        run("endpoints: [{path: /slow, latencyMillis: 150}]");

        Instant before = Instant.now();
        assertThat(world.get("/slow").statusCode()).isEqualTo(200);
        assertThat(Duration.between(before, Instant.now())).isGreaterThanOrEqualTo(Duration.ofMillis(150));
    }

    @Test
    void aRedirectNamesItsTarget() throws Exception {
        run("endpoints: [{path: /old, redirectTo: /new}]");

        assertThat(world.get("/old").statusCode()).isEqualTo(302);
        assertThat(world.header(world.get("/old"), "location")).isEqualTo("/new");
    }

    @Test
    void readinessMayComeLaterThanLivenessOrNever() throws Exception {
        run("{readyAfterSeconds: 60, endpoints: [{path: /live}, {path: /ready, needsReady: true}]}");
        assertThat(world.get("/live").statusCode()).isEqualTo(200);
        assertThat(world.get("/ready").statusCode()).isEqualTo(503);

        world.passSeconds(60);
        assertThat(world.get("/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void aDependencyMayBeLostLater() throws Exception {
        run("endpoints: [{path: /ready, body: up, statusAfter: {seconds: 60, status: 503, body: down}}]");
        assertThat(world.get("/ready").body()).isEqualTo("up");

        world.passSeconds(60);
        assertThat(world.get("/ready").statusCode()).isEqualTo(503);
        assertThat(world.get("/ready").body()).isEqualTo("down");
    }

    @Test
    void aFlappingEndpointFailsAtTheEndOfEachPeriod() throws Exception {
        run("endpoints: [{path: /ready, flap: {everySeconds: 60, forSeconds: 20, status: 503}}]");
        assertThat(world.get("/ready").statusCode()).isEqualTo(200);
        world.passSeconds(30);
        assertThat(world.get("/ready").statusCode()).isEqualTo(503);
        world.passSeconds(30);
        assertThat(world.get("/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void aFailureRateFailsAboutThatShareOfRequests() throws Exception {
        run("endpoints: [{path: /flaky, failureRate: 0.3, failureStatus: 502}]");

        int failures = 0;
        for (int i = 0; i < 200; i++) {
            failures += world.get("/flaky").statusCode() == 502 ? 1 : 0;
        }
        assertThat(failures).isBetween(35, 85);
    }

    @Test
    void aChangedEntryChangesWhatAlreadyRuns() throws Exception {
        run("endpoints: [{path: /ready}]");
        assertThat(world.get("/ready").statusCode()).isEqualTo(200);

        Behaviour before = world.catalogue.behaviour(IMAGE);
        world.catalogue.put(
                IMAGE, before.toBuilder().endpoint("/ready", 500, "{}").build());

        assertThat(world.get("/ready").statusCode()).isEqualTo(500);
    }

    @Test
    void anAnswerMayLeaveALineInTheLog() throws Exception {
        world.catalogue.put(
                IMAGE,
                Behaviour.builder()
                        .with("endpoints: [{path: /x, logLine: 'ERROR x'}]")
                        .build());
        RunningDeployment deployment = world.deploy(IMAGE, 1);
        world.passSeconds(45);

        world.get("/x");

        assertThat(World.messages(deployment)).containsOnlyOnce("ERROR x");
    }

    @Test
    void withoutCorsPolicyNoAnswerHasTheHeader() throws Exception {
        run("endpoints: [{path: /data}]");

        assertThat(world.header(fromOrigin("/data"), "access-control-allow-origin"))
                .isNull();
        assertThat(preflight("/data").statusCode()).isEqualTo(404);
    }

    @Test
    void aPreflightIsAnsweredForAllowedOriginsOnly() throws Exception {
        run("{cors: {allowedOrigins: ['" + ORIGIN + "'], credentials: true}, endpoints: [{path: /data}]}");

        HttpResponse<String> response = preflight("/data");
        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(world.header(response, "access-control-allow-origin")).isEqualTo(ORIGIN);
        assertThat(world.header(response, "access-control-allow-methods")).contains("GET");
        assertThat(world.header(response, "access-control-allow-credentials")).isEqualTo("true");
        HttpResponse<String> other = world.send(
                "OPTIONS", "/data", Map.of("Origin", "https://evil.example", "Access-Control-Request-Method", "GET"));
        assertThat(world.header(other, "access-control-allow-origin")).isNull();
    }

    @Test
    void corsMayBeMissingOnErrors() throws Exception {
        run("{cors: {missingOnErrors: true}, endpoints: [{path: /data}]}");

        assertThat(world.header(fromOrigin("/data"), "access-control-allow-origin"))
                .isEqualTo("*");
        assertThat(world.header(fromOrigin("/none"), "access-control-allow-origin"))
                .isNull();
    }

    @Test
    void corsMayNameAnotherOrigin() throws Exception {
        run("{cors: {allowedOrigins: ['https://staging.example.com'], always: true}, endpoints: [{path: /data}]}");

        assertThat(world.header(fromOrigin("/data"), "access-control-allow-origin"))
                .isEqualTo("https://staging.example.com");
    }
}
