package dev.lightkeeper.simulators.aws.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lightkeeper.simulators.aws.SimulatorClock;
import dev.lightkeeper.simulators.aws.application.RunningDeployment.Health;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BalancerTest {
    private static final Behaviour HELLO = Behaviour.builder()
            .endpoint("/", 200, "${node} runs ${tag}")
            .endpoint("/health", 200, "{\"status\":\"ok\"}")
            .build();

    private final World world = new World("hello:*", HELLO);

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void aHealthyDeploymentAnswersThroughTheBalancer() throws Exception {
        RunningDeployment deployment = world.deploy("hello:1", 2);
        world.passSeconds(60);

        assertThat(deployment.health()).isEqualTo(Health.HEALTHY);
        assertThat(world.get("/health").statusCode()).isEqualTo(200);
        assertThat(world.get("/health").body()).isEqualTo("{\"status\":\"ok\"}");
    }

    @Test
    void requestsTakeTurnsOverTheNodes() throws Exception {
        world.deploy("hello:1", 3);
        world.passSeconds(60);

        assertThat(answersOf(3)).containsExactlyInAnyOrder("node-0 runs 1", "node-1 runs 1", "node-2 runs 1");
    }

    @Test
    void aServiceWithoutHealthyNodesAnswers503() throws Exception {
        world.deploy("hello:1", 2);

        assertThat(world.get("/").statusCode()).isEqualTo(503);
    }

    @Test
    void aDisabledServiceAnswers503UntilItIsEnabled() throws Exception {
        world.deploy("hello:1", 1);
        world.passSeconds(60);

        world.runtime.balancer("api").disabled(true);
        assertThat(world.get("/").statusCode()).isEqualTo(503);

        world.runtime.balancer("api").disabled(false);
        assertThat(world.get("/").statusCode()).isEqualTo(200);
    }

    @Test
    void aServiceWithoutDeploymentAnswers404() throws Exception {
        assertThat(world.get("/").statusCode()).isEqualTo(404);
    }

    @Test
    void aDeploymentWithoutEndpointAnswers404() throws Exception {
        RunningDeployment deployment = world.deployWithoutEndpoint("hello:1");
        world.passSeconds(60);

        assertThat(deployment.health()).isEqualTo(Health.HEALTHY);
        assertThat(world.get("/").statusCode()).isEqualTo(404);
    }

    @Test
    void theOldDeploymentAnswersUntilTheBalancerIsRoutedToTheNewOne() throws Exception {
        RunningDeployment old = world.deploy("hello:1", 1);
        world.passSeconds(60);
        RunningDeployment next = world.deploy("hello:2", 1);
        world.runtime.balancer("api").route(old);
        world.passSeconds(60);
        assertThat(world.get("/").body()).isEqualTo("node-0 runs 1");

        world.runtime.balancer("api").route(next);
        old.close();

        assertThat(world.get("/").body()).isEqualTo("node-0 runs 2");
    }

    @Test
    void aBrokenNodeFailsItsShareUntilTheHealthCheckDropsIt() throws Exception {
        RunningDeployment deployment = world.deploy("hello:1", 2);
        world.passSeconds(60);

        deployment.breakNode(1);
        assertThat(List.of(world.get("/").statusCode(), world.get("/").statusCode()))
                .containsExactlyInAnyOrder(200, 502);

        world.passSeconds(10);
        assertThat(answersOf(4)).containsExactly("node-0 runs 1");
    }

    @Test
    void aHealedNodeComesBackAfterItPassedTheHealthCheckAgain() throws Exception {
        RunningDeployment deployment = world.deploy("hello:1", 2);
        world.passSeconds(60);
        deployment.breakNode(0);
        world.passSeconds(10);

        deployment.healNode(0);
        assertThat(world.runtime.balancer("api").healthyNodes()).isEqualTo(1);
        world.passSeconds(10);

        assertThat(answersOf(2)).hasSize(2);
    }

    @Test
    void whenEveryNodeIsBrokenTheServiceAnswers503AndTheDeploymentStaysActive() throws Exception {
        RunningDeployment deployment = world.deploy("hello:1", 2);
        world.passSeconds(60);

        deployment.breakNode(0);
        deployment.breakNode(1);
        world.passSeconds(10);

        assertThat(world.get("/").statusCode()).isEqualTo(503);
        assertThat(deployment.health()).isEqualTo(Health.HEALTHY);
    }

    @Test
    void oneNodeCanFailWhereTheHealthCheckDoesNotLook() throws Exception {
        RunningDeployment deployment = world.deploy("hello:1", 2);
        world.passSeconds(60);

        deployment.breakNode(0, HELLO.toBuilder().endpoint("/health", 500, "{}").build());
        world.passSeconds(60);

        assertThat(List.of(
                        world.get("/health").statusCode(), world.get("/health").statusCode()))
                .containsExactlyInAnyOrder(200, 500);
    }

    @Test
    void nodesThatAreAddedTakePartOnceTheyAreHealthy() throws Exception {
        RunningDeployment deployment = world.deploy("hello:1", 1);
        world.passSeconds(60);

        deployment.scale(3);
        assertThat(answersOf(3)).hasSize(1);
        world.passSeconds(60);
        assertThat(answersOf(3)).hasSize(3);

        deployment.scale(1);
        assertThat(answersOf(3)).containsExactly("node-0 runs 1");
    }

    @Test
    void aClosedAddressRefusesAndTheNextOneIsAnother() throws Exception {
        Balancer first = world.runtime.balancer("api");
        URI address = world.uri("/");
        first.close();
        assertThatThrownBy(() -> new Socket(address.getHost(), address.getPort()).close())
                .isInstanceOf(ConnectException.class);

        Balancer second = world.runtime.balancer("api");
        first.close();

        assertThat(second).isNotSameAs(first).isSameAs(world.runtime.balancer("api"));
        assertThat(world.get("/").statusCode()).isEqualTo(404);
    }

    @Test
    void aRunningClockNeedsNobodyToMoveIt() {
        try (SimulatorClock clock = SimulatorClock.running(600);
                ApplicationRuntime runtime = new ApplicationRuntime(clock, ImageCatalogue.empty())) {
            ContainerSpec container = new ContainerSpec("web", "web:1", List.of(), Map.of(), Map.of(80, "HTTP"));
            EndpointSpec endpoint = new EndpointSpec("web", 80, HealthCheckSpec.defaults());
            RunningDeployment deployment = runtime.start("web", 1, List.of(container), endpoint, 2);

            await().until(() -> deployment.health() == Health.HEALTHY);
        }
    }

    @Test
    void headAnswersAsGetWithoutBody() throws Exception {
        world.deploy("hello:1", 1);
        world.passSeconds(60);

        var response = world.send("HEAD", "/health", Map.of());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
        assertThat(response.headers().firstValue("content-length")).hasValue("15");
    }

    private Set<String> answersOf(int requests) throws Exception {
        Set<String> answers = new HashSet<>();
        for (int i = 0; i < requests; i++) {
            answers.add(world.get("/").body());
        }
        return answers;
    }
}
