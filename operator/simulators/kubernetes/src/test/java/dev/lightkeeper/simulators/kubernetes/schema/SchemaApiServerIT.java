package dev.lightkeeper.simulators.kubernetes.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.RealApiServer;
import dev.lightkeeper.simulators.kubernetes.schema.GadgetTable.Answer;
import dev.lightkeeper.simulators.kubernetes.schema.GadgetTable.Row;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Asks a real kube-apiserver the questions whose answers {@link StructuralSchemaTest} expects. {@code -Dschema.record=true}
 * writes them down anew.
 */
class SchemaApiServerIT {
    private static final String GADGETS = "apis/test.lightkeeper.dev/v1/gadgets";
    private static final String CRDS = "apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final Pattern UNKNOWN = Pattern.compile("299 - \"unknown field \\\\\"(.*)\\\\\"\"");
    private static final Comparator<FieldError> ORDER =
            Comparator.comparing(FieldError::field).thenComparing(FieldError::message);

    @Test
    void theRecordedAnswersAreThoseOfTheServer() {
        Map<String, Answer> answers;
        try (RealApiServer server = RealApiServer.start();
                KubernetesClient client = new KubernetesClientBuilder()
                        .withConfig(Config.fromKubeconfig(server.kubeConfig()))
                        .withHttpClientFactory(new JdkHttpClientFactory())
                        .build()) {
            answers = ask(client);
        }
        StringBuilder lines = new StringBuilder();
        answers.forEach((name, answer) -> lines.append(GadgetTable.line(name, answer)));
        if (Boolean.getBoolean("schema.record")) {
            GadgetTable.record(lines.toString());
        }
        assertThat(lines).hasToString(GadgetTable.recorded());
    }

    private static Map<String, Answer> ask(KubernetesClient client) {
        ObjectNode loose = GadgetTable.crd().deepCopy();
        ObjectNode schema = (ObjectNode) loose.at("/spec/versions/0/schema");
        var _ = schema.putObject("openAPIV3Schema")
                .put("type", "object")
                .put("x-kubernetes-preserve-unknown-fields", true);
        var _ = send(client, "POST", CRDS, loose, 201);
        List<Row> rows = GadgetTable.rows();
        Map<String, String> versions = new TreeMap<>();
        await().atMost(Duration.ofSeconds(30)).until(() -> get(client, GADGETS).code() == 200);
        for (Row row : rows) {
            if (row.old() != null) {
                JsonNode created = body(send(client, "POST", GADGETS, row.old(), 201));
                versions.put(row.name(), created.at("/metadata/resourceVersion").asText());
            }
        }
        ObjectNode strict = GadgetTable.crd().deepCopy();
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            JsonNode current = body(get(client, CRDS + "/gadgets.test.lightkeeper.dev"));
            var _ = ((ObjectNode) strict.get("metadata"))
                    .put(
                            "resourceVersion",
                            current.at("/metadata/resourceVersion").asText());
            var _ = send(client, "PUT", CRDS + "/gadgets.test.lightkeeper.dev", strict, 200);
        });
        Map<String, Answer> answers = new TreeMap<>();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !submit(client, rows.get(2), versions).errors().isEmpty());
        rows.forEach(row -> answers.put(row.name(), submit(client, row, versions)));
        GadgetTable.problemSchemas().forEach((name, problem) -> {
            ObjectNode crd = loose.deepCopy();
            ((ObjectNode) crd.at("/spec/versions/0/schema")).set("openAPIV3Schema", problem);
            ((ObjectNode) crd.get("metadata")).put("name", "widgets.test.lightkeeper.dev");
            ((ObjectNode) crd.at("/spec/names"))
                    .put("plural", "widgets")
                    .put("singular", "widget")
                    .put("kind", "Widget")
                    .put("listKind", "WidgetList");
            HttpResponse<String> response = send(client, "POST", CRDS + "?dryRun=All", crd, 0);
            answers.put("problem-" + name, new Answer(errors(response), List.of(), null));
        });
        return answers;
    }

    private static Answer submit(KubernetesClient client, Row row, Map<String, String> versions) {
        ObjectNode object = row.object().deepCopy();
        boolean isUpdate = row.old() != null;
        String path = GADGETS;
        if (isUpdate) {
            ObjectNode metadata = (ObjectNode) object.get("metadata");
            var _ = metadata.put("resourceVersion", versions.get(row.name()));
            path += "/" + metadata.get("name").asText();
        }
        String query = "?dryRun=All&fieldValidation=Warn";
        HttpResponse<String> response = send(client, isUpdate ? "PUT" : "POST", path + query, object, 0);
        List<String> unknown = new ArrayList<>();
        for (String warning : response.headers("Warning")) {
            Matcher matcher = UNKNOWN.matcher(warning);
            if (matcher.matches()) {
                unknown.add(matcher.group(1));
            }
        }
        List<FieldError> errors = errors(response);
        ObjectNode result = null;
        if (errors.isEmpty()) {
            result = (ObjectNode) body(response);
            var _ = result.remove("metadata");
        }
        return new Answer(errors, unknown.stream().sorted().toList(), result);
    }

    private static List<FieldError> errors(HttpResponse<String> response) {
        List<FieldError> errors = new ArrayList<>();
        if (response.code() >= 300) {
            JsonNode status = body(response);
            assertThat(status.at("/details/causes")).as(status.toString()).isNotEmpty();
            for (JsonNode cause : status.at("/details/causes")) {
                String field = cause.path("field").asText();
                errors.add(new FieldError(
                        cause.path("reason").asText(),
                        field.replaceFirst("^spec\\.(versions\\[0\\]\\.schema|validation)\\.openAPIV3Schema\\.", ""),
                        cause.path("message").asText()));
            }
        }
        return errors.stream().sorted(ORDER).toList();
    }

    private static HttpResponse<String> get(KubernetesClient client, String path) {
        URI uri = URI.create(client.getMasterUrl() + path);
        return client.getHttpClient()
                .sendAsync(
                        client.getHttpClient().newHttpRequestBuilder().uri(uri).build(), String.class)
                .join();
    }

    private static HttpResponse<String> send(
            KubernetesClient client, String method, String path, JsonNode body, int expected) {
        HttpResponse<String> response = client.getHttpClient()
                .sendAsync(
                        client.getHttpClient()
                                .newHttpRequestBuilder()
                                .uri(URI.create(client.getMasterUrl() + path))
                                .method(method, "application/json", body.toString())
                                .build(),
                        String.class)
                .join();
        if (expected > 0) {
            assertThat(response.code())
                    .as("%s %s: %s", method, body, response.body())
                    .isEqualTo(expected);
        }
        return response;
    }

    private static JsonNode body(HttpResponse<String> response) {
        try {
            return GadgetTable.JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
