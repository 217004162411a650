package dev.lightkeeper.simulators.aws.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.simulators.aws.application.RunningDeployment.Health;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeploymentHealthTest {
    private static final String IMAGE = "app:1";

    private final World world = new World(ImageCatalogue.empty());

    @AfterEach
    void close() {
        world.close();
    }

    private void behave(String yaml) {
        world.catalogue.put(IMAGE, Behaviour.builder().with(yaml).build());
    }

    private static long count(RunningDeployment deployment, Predicate<String> message) {
        return World.messages(deployment).stream().filter(message).count();
    }

    @Test
    void aDeploymentIsHealthyOnlyWhenEveryNodePassedTheThreshold() {
        HealthCheckSpec check = new HealthCheckSpec("/", "200", 10, 2, 3, 2);
        RunningDeployment deployment = world.deploy(IMAGE, 2, Map.of(), check);

        world.passSeconds(30 + 29);
        assertThat(deployment.health()).isEqualTo(Health.STARTING);
        world.passSeconds(1);
        assertThat(deployment.health()).isEqualTo(Health.HEALTHY);
    }

    @Test
    void eachNodeStartIsLogged() {
        RunningDeployment deployment = world.deploy(IMAGE, 2);
        world.passSeconds(60);

        assertThat(World.messages(deployment))
                .containsExactly(
                        "[deployment:7] Creating your deployment",
                        "[deployment:7] Started 1 new node",
                        "Listening on port 3697",
                        "[deployment:7] Started 1 new node",
                        "Listening on port 3697",
                        "[deployment:7] Reached a steady state");
    }

    @ParameterizedTest
    @EnumSource(names = {"NOT_FOUND", "DENIED"})
    void anImageThatCannotBePulledShowsThreeNodeStartsAndNoLineOfTheApplication(Pull pull) {
        world.catalogue.put(
                IMAGE, Behaviour.builder().pull(pull).startupLogLine(0, "hello").build());
        RunningDeployment deployment = world.deploy(IMAGE, 1);
        world.pass(Duration.ofMinutes(5));

        assertThat(deployment.health()).isEqualTo(Health.FAILED);
        assertThat(World.messages(deployment))
                .containsExactly(
                        "[deployment:7] Creating your deployment",
                        "[deployment:7] Started 1 new node",
                        "[deployment:7] Started 1 new node",
                        "[deployment:7] Started 1 new node",
                        "[deployment:7] Canceled");
    }

    @Test
    void anImageForAnotherProcessorCannotBeExecuted() {
        behave("pull: wrongArchitecture");
        RunningDeployment deployment = world.deploy(IMAGE, 1);
        world.pass(Duration.ofMinutes(5));

        assertThat(deployment.health()).isEqualTo(Health.FAILED);
        assertThat(World.messages(deployment)).contains("exec format error");
    }

    @Test
    void aMissingVariableEndsTheProcessAndIsNamedWithoutAnyValue() {
        behave("{requiredEnv: [NEEDED, EMPTY], envPatterns: {LIMIT: '[0-9]+'}}");
        RunningDeployment deployment =
                world.deploy(IMAGE, 1, Map.of("EMPTY", "", "LIMIT", "hunter2", "OTHER", "s3cret"));
        world.pass(Duration.ofMinutes(5));

        assertThat(deployment.health()).isEqualTo(Health.FAILED);
        assertThat(World.messages(deployment))
                .contains(
                        "Error: required environment variable NEEDED is not set",
                        "Error: required environment variable EMPTY is empty",
                        "Error: environment variable LIMIT has an invalid value")
                .noneMatch(line -> line.contains("hunter2") || line.contains("s3cret"));
    }

    @Test
    void environmentValuesAreNeverPartOfAContainersText() {
        ContainerSpec container = new ContainerSpec("api", IMAGE, List.of(), Map.of("KEY", "s3cret"), Map.of());

        assertThat(container.toString()).contains("KEY").doesNotContain("s3cret");
    }

    @Test
    void anImageThatNeedsACommandExitsWithoutOne() {
        behave("requiresCommand: true");
        RunningDeployment deployment = world.deploy(IMAGE, 1);
        world.pass(Duration.ofMinutes(5));

        assertThat(deployment.health()).isEqualTo(Health.FAILED);
    }

    @Test
    void aStatusOutsideTheSuccessCodesFailsWhenTheTimeIsOver() {
        behave("otherPaths: {status: 500}");
        RunningDeployment deployment = world.deploy(IMAGE, 1);

        world.pass(Duration.ofMinutes(14));
        assertThat(deployment.health()).isEqualTo(Health.STARTING);
        world.pass(Duration.ofMinutes(1));
        assertThat(deployment.health()).isEqualTo(Health.FAILED);
        assertThat(World.messages(deployment)).endsWith("[deployment:7] Took too long", "[deployment:7] Canceled");
    }

    @Test
    void aMissingHealthRoutePassesTheDefaultSuccessCodes() {
        behave("otherPaths: {status: 404}");
        RunningDeployment deployment = world.deploy(IMAGE, 1);
        world.passSeconds(60);

        assertThat(deployment.health()).isEqualTo(Health.HEALTHY);
    }

    @Test
    void anApplicationOnAnotherPortIsNeverHealthy() {
        behave("{port: 8080, otherPaths: {status: 200}}");
        RunningDeployment deployment = world.deploy(IMAGE, 1);
        world.pass(Duration.ofMinutes(15));

        assertThat(deployment.health()).isEqualTo(Health.FAILED);
    }

    @Test
    void anAnswerLaterThanTheTimeoutOfTheHealthCheckIsAFailure() {
        behave("otherPaths: {status: 200, latencyMillis: 2001}");
        RunningDeployment deployment = world.deploy(IMAGE, 1);
        world.pass(Duration.ofMinutes(15));

        assertThat(deployment.health()).isEqualTo(Health.FAILED);
    }

    @Test
    void anActiveDeploymentThatDiesStaysActiveAndGetsNewNodes() throws Exception {
        behave("{crashAfterSeconds: 60, crashLogLine: bye, otherPaths: {status: 200}}");
        RunningDeployment deployment = world.deploy(IMAGE, 1);
        world.passSeconds(60);
        assertThat(world.get("/").statusCode()).isEqualTo(200);

        world.passSeconds(30);
        assertThat(world.get("/").statusCode()).isEqualTo(502);
        world.passSeconds(15);
        assertThat(world.get("/").statusCode()).isEqualTo(503);
        world.passSeconds(60);
        assertThat(world.get("/").statusCode()).isEqualTo(200);

        world.pass(Duration.ofMinutes(20));
        assertThat(deployment.health()).isEqualTo(Health.HEALTHY);
        assertThat(count(deployment, "bye"::equals)).isGreaterThan(5);
        assertThat(count(deployment, line -> line.endsWith("Started 1 new node")))
                .isGreaterThan(5);
    }

    @Test
    void aLeakEndsTheProcessWithoutAWord() {
        behave("{otherPaths: {status: 200}, load: {memoryPercent: 40, memoryGrowthPercentPerMinute: 10}}");
        RunningDeployment deployment = world.deploy(IMAGE, 1);

        world.passSeconds(30 + 180);
        assertThat(deployment.memoryPercent()).isEqualTo(70);
        world.passSeconds(240);
        assertThat(count(deployment, line -> line.endsWith("Started 1 new node")))
                .isEqualTo(2);
        assertThat(deployment.memoryPercent()).isLessThan(50);
    }

    @Test
    void startUpLinesAppearAtTheirTime() {
        behave("{startupLogLines: [{after: 0, line: first}, {after: 100, line: 'Listening on ${port}'}]}");
        RunningDeployment deployment = world.deploy(IMAGE, 1);

        world.passSeconds(30 + 99);
        assertThat(World.messages(deployment)).contains("first").doesNotContain("Listening on 3697");
        world.passSeconds(1);
        assertThat(deployment.logs()).contains(new LogLine(World.START.plusSeconds(130), "api", "Listening on 3697"));
    }

    @Test
    void aFailedDeploymentKeepsItsLogsAndUsesNothing() {
        behave("pull: notFound");
        RunningDeployment deployment = world.deploy(IMAGE, 1);
        world.pass(Duration.ofMinutes(5));

        assertThat(deployment.logs()).isNotEmpty();
        assertThat(deployment.cpuPercent()).isZero();
    }

    @Test
    void aSecondContainerThatExitsFailsTheDeployment() {
        world.catalogue.put(
                "sidecar:1", Behaviour.builder().crashAfterSeconds(2).build());
        RunningDeployment deployment = world.runtime.start(
                "api",
                1,
                List.of(
                        new ContainerSpec("api", IMAGE, List.of(), Map.of(), Map.of(3697, "HTTP")),
                        new ContainerSpec("sidecar", "sidecar:1", List.of(), Map.of(), Map.of(9000, "UDP"))),
                new EndpointSpec("api", 3697, HealthCheckSpec.defaults()),
                1);
        world.pass(Duration.ofMinutes(5));

        assertThat(deployment.health()).isEqualTo(Health.FAILED);
    }
}
