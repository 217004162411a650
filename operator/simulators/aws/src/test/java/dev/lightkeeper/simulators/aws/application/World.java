package dev.lightkeeper.simulators.aws.application;

import dev.lightkeeper.simulators.aws.SimulatorClock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A simulated world whose time the test moves, and a real HTTP client outside of it. */
final class World implements AutoCloseable {
    static final Instant START = Instant.parse("2026-01-05T10:00:00Z");

    final SimulatorClock clock = SimulatorClock.manual(START);
    final ImageCatalogue catalogue;
    final ApplicationRuntime runtime;
    private final HttpClient client = HttpClient.newHttpClient();

    World(ImageCatalogue catalogue) {
        this.catalogue = catalogue;
        this.runtime = new ApplicationRuntime(clock, catalogue);
    }

    World(String image, Behaviour behaviour) {
        this(ImageCatalogue.empty());
        catalogue.put(image, behaviour);
    }

    /** Starts a deployment with an endpoint and leads the balancer of the service {@code api} to it. */
    RunningDeployment deploy(String image, int nodes, Map<String, String> environment) {
        return deploy(image, nodes, environment, HealthCheckSpec.defaults());
    }

    RunningDeployment deploy(String image, int nodes, Map<String, String> environment, HealthCheckSpec check) {
        ContainerSpec container = new ContainerSpec("api", image, List.of(), environment, Map.of(3697, "HTTP"));
        RunningDeployment deployment =
                runtime.start("api", 7, List.of(container), new EndpointSpec("api", 3697, check), nodes);
        runtime.balancer("api").route(deployment);
        return deployment;
    }

    RunningDeployment deploy(String image, int nodes) {
        return deploy(image, nodes, Map.of());
    }

    RunningDeployment deployWithoutEndpoint(String image) {
        ContainerSpec container = new ContainerSpec("api", image, List.of(), Map.of(), Map.of());
        RunningDeployment deployment = runtime.start("api", 1, List.of(container), (EndpointSpec) null, 1);
        runtime.balancer("api").route(deployment);
        return deployment;
    }

    void pass(Duration simulated) {
        clock.advance(simulated);
    }

    void passSeconds(long seconds) {
        pass(Duration.ofSeconds(seconds));
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path, Map.of());
    }

    HttpResponse<String> send(String method, String path, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(Duration.ofSeconds(10));
        headers.forEach(request::header);
        return client.send(request.build(), BodyHandlers.ofString());
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + runtime.balancer("api").port() + path);
    }

    @Nullable
    String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse(null);
    }

    static List<String> messages(RunningDeployment deployment) {
        return deployment.logs().stream().map(LogLine::message).toList();
    }

    @Override
    public void close() {
        client.close();
        runtime.close();
        clock.close();
    }
}
