package dev.lightkeeper.simulators.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lightkeeper.simulators.kubernetes.wire.Trees;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Clients of the server under test. */
final class Clients {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private Clients() {}

    static KubernetesClient fabric8(KubernetesApi api) {
        return new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(api.kubeconfig()))
                .build();
    }

    /** A status and the tree that came with it. */
    record Reply(int status, JsonNode tree, HttpResponse<String> raw) {}

    static Reply call(KubernetesApi api, String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(api.url() + path))
                .method(method, BodyPublishers.ofString(body))
                .header("Authorization", "Bearer " + api.token());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    static Reply get(KubernetesApi api, String path, String... headers) {
        return call(api, "GET", path, "", headers);
    }

    static Reply post(KubernetesApi api, String path, String json) {
        return call(api, "POST", path, json, "Content-Type", "application/json");
    }

    static Reply patch(KubernetesApi api, String path, String kind, String patch) {
        return call(api, "PATCH", path, patch, "Content-Type", "application/" + kind);
    }

    static Reply send(HttpRequest request) {
        try {
            HttpResponse<String> response = HTTP.send(request, BodyHandlers.ofString());
            boolean json =
                    response.headers().firstValue("Content-Type").orElse("").startsWith("application/json");
            String body = response.body();
            // A stream is read as the list of its values.
            String whole = json && body.contains("}\n{") ? "[" + body.strip().replace("}\n{", "},{") + "]" : body;
            JsonNode tree = json
                    ? Trees.parseJson(whole.getBytes(StandardCharsets.UTF_8)).root()
                    : Trees.object();
            return new Reply(response.statusCode(), tree, response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static void define(KubernetesApi api, String resource) {
        Reply reply = call(
                api,
                "POST",
                "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                text(resource),
                "Content-Type",
                "application/yaml");
        if (reply.status() != 201) {
            throw new IllegalStateException(reply.tree().toString());
        }
    }

    static String text(String resource) {
        try (InputStream in = Objects.requireNonNull(Clients.class.getResourceAsStream(resource))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
