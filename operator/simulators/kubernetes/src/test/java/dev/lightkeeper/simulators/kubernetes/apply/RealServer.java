package dev.lightkeeper.simulators.kubernetes.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.RealApiServer;
import dev.lightkeeper.simulators.kubernetes.apply.WriteSequences.Sequence;
import dev.lightkeeper.simulators.kubernetes.apply.WriteSequences.Write;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A kube-apiserver with the CRD of the sequences. */
final class RealServer implements AutoCloseable {
    private final RealApiServer server;
    private final KubernetesClient client;

    private RealServer(RealApiServer server, KubernetesClient client) {
        this.server = server;
        this.client = client;
    }

    static RealServer start() throws IOException {
        RealApiServer server = RealApiServer.start();
        Config config = Config.fromKubeconfig(server.kubeConfig());
        // A refused apply is a 500, and must not be tried again and again.
        config.setRequestRetryBackoffLimit(0);
        RealServer real = new RealServer(
                server,
                new KubernetesClientBuilder()
                        .withConfig(config)
                        .withHttpClientFactory(new JdkHttpClientFactory())
                        .build());
        Outcome crd = real.send(
                "POST",
                "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                "application/json",
                WriteSequences.resource("thing-crd.yaml").toString());
        if (!crd.succeeded()) {
            throw new IOException("the CRD was refused: " + crd.body());
        }
        real.client
                .apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName("things.example.com")
                .waitUntilCondition(
                        definition -> definition != null
                                && definition.getStatus() != null
                                && definition.getStatus().getConditions() != null
                                && definition.getStatus().getConditions().stream()
                                        .anyMatch(
                                                condition -> condition.getType().equals("Established")
                                                        && condition.getStatus().equals("True")),
                        30,
                        java.util.concurrent.TimeUnit.SECONDS);
        return real;
    }

    Outcome write(Sequence sequence, Write write, String name, JsonNode request) throws IOException {
        String path = path(sequence, write.verb().equals("create") ? "" : "/" + name)
                + (write.on().isEmpty() ? "" : "/" + write.on())
                + "?fieldManager=" + write.by()
                + (write.force() ? "&force=true" : "");
        return switch (write.verb()) {
            case "apply" -> send("PATCH", path, "application/apply-patch+yaml", request.toString());
            case "create" -> send("POST", path, "application/json", request.toString());
            case "put" -> send("PUT", path, "application/json", request.toString());
            case "merge" -> send("PATCH", path, "application/merge-patch+json", request.toString());
            case "json" -> send("PATCH", path, "application/json-patch+json", request.toString());
            default -> send("PATCH", path, "application/strategic-merge-patch+json", request.toString());
        };
    }

    @Nullable
    ObjectNode read(Sequence sequence, String name) throws IOException {
        Outcome outcome = send("GET", path(sequence, "/" + name), "application/json", "");
        return outcome.succeeded() ? (ObjectNode) outcome.body() : null;
    }

    private static String path(Sequence sequence, String name) {
        String apiVersion = sequence.apiVersion();
        return (apiVersion.contains("/") ? "/apis/" : "/api/")
                + apiVersion
                + "/namespaces/default/"
                + sequence.kind().toLowerCase(Locale.ROOT) + "s" + name;
    }

    private Outcome send(String method, String path, String type, String body) throws IOException {
        var request = client.getHttpClient()
                .newHttpRequestBuilder()
                .uri(URI.create(client.getMasterUrl().toString().replaceAll("/$", "") + path))
                .timeout(Duration.ofSeconds(30).toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
        HttpResponse<String> response = client.getHttpClient()
                .sendAsync((method.equals("GET") ? request : request.method(method, type, body)).build(), String.class)
                .join();
        JsonNode answer = WriteSequences.JSON.readTree(response.body());
        if (response.code() < 300) {
            return new Outcome(response.code(), answer);
        }
        List<String> causes = new ArrayList<>();
        answer.at("/details/causes")
                .forEach(cause -> causes.add(cause.path("field").asText() + ": "
                        + cause.path("message").asText()));
        return new Outcome(
                response.code(),
                Outcome.failure(response.code(), answer.path("message").asText(), causes));
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
