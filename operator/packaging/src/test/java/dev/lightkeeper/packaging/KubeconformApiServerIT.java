package dev.lightkeeper.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever checks manifests in a pipeline, without a cluster, finds nothing: kubeconform with the schemas of the API server. */
@EnabledIfEnvironmentVariable(named = Command.TOOLS, matches = ".+", disabledReason = Command.WITHOUT_TOOLS)
@SuppressWarnings("NullAway.Init")
class KubeconformApiServerIT {
    @TempDir
    static Path schemas;

    /** One file of definitions, and one for each kind that refers to it. */
    @BeforeAll
    static void writeSchemas() throws IOException {
        ApiServer server = ApiServer.shared();
        server.kubectl()
                .run(
                        "apply",
                        "--server-side",
                        "--force-conflicts",
                        "-f",
                        Repository.ROOT.resolve("crds").toString())
                .orThrow();
        server.kubectl().run("apply", "--server-side", "-f", gitops()).orThrow();
        server.servesEveryKind();
        // What the API server serves is described a moment later.
        Set<String> applied = kinds();
        JsonNode definitions = await().atMost(Duration.ofMinutes(1))
                .until(() -> definitions(server), all -> described(all).containsAll(applied));
        for (JsonNode definition : definitions) {
            if (definition.has("properties") && !definition.has("additionalProperties")) {
                ((ObjectNode) definition).put("additionalProperties", false);
            }
        }
        // OpenAPI v2 cannot say "either", so the server says "string" with a format of its own.
        ((ObjectNode) definitions)
                .putObject("io.k8s.apimachinery.pkg.util.intstr.IntOrString")
                .putArray("type")
                .add("integer")
                .add("string");
        ObjectNode all = Repository.JSON.createObjectNode();
        all.set("definitions", definitions);
        Files.writeString(schemas.resolve("definitions.json"), all.toString());
        definitions
                .properties()
                .forEach(definition -> definition
                        .getValue()
                        .path("x-kubernetes-group-version-kind")
                        .forEach(kind -> write(kind, definition.getKey())));
    }

    private static JsonNode definitions(ApiServer server) throws IOException {
        return Repository.JSON
                .readTree(server.kubectl().run("get", "--raw", "/openapi/v2").orThrow())
                .get("definitions");
    }

    private static Set<String> described(JsonNode definitions) {
        return StreamSupport.stream(definitions.spliterator(), false)
                .flatMap(definition -> StreamSupport.stream(
                        definition.path("x-kubernetes-group-version-kind").spliterator(), false))
                .map(KubeconformApiServerIT::name)
                .collect(Collectors.toSet());
    }

    /** Of all CRDs that are applied here, as their schemas' files are named. */
    private static Set<String> kinds() {
        return Stream.of(Repository.ROOT.resolve("crds"), Path.of(gitops()))
                .flatMap(folder -> Repository.files(folder, ".yaml").stream())
                .flatMap(file -> Repository.documents(Repository.read(file)).stream())
                .flatMap(crd -> StreamSupport.stream(crd.at("/spec/versions").spliterator(), false)
                        .filter(version -> version.path("served").asBoolean())
                        .map(version -> name(
                                crd.at("/spec/names/kind").asText(),
                                crd.at("/spec/group").asText(),
                                version.path("name").asText())))
                .collect(Collectors.toSet());
    }

    @AfterAll
    static void nothingStays() {
        ApiServer.shared().removeProduct();
        ApiServer.shared().kubectl().run("delete", "-f", gitops()).orThrow();
    }

    /** CRDs of Argo CD and Flux. */
    private static String gitops() {
        return Command.tools().resolve("gitops").toString();
    }

    private static String name(JsonNode kind) {
        return name(
                kind.path("kind").asText(),
                kind.path("group").asText(),
                kind.path("version").asText());
    }

    private static String name(String kind, String group, String version) {
        return "%s-%s-%s.json".formatted(kind, group, version).toLowerCase(Locale.ROOT);
    }

    private static void write(JsonNode kind, String definition) {
        try {
            Files.writeString(
                    schemas.resolve(name(kind)),
                    "{\"$ref\": \"definitions.json#/definitions/%s\"}".formatted(definition));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"standard", "everything", "namespaced", "least"})
    void theChartConforms(String values) {
        assertConforms(
                Helm.HELM_4.template("--values", Helm.values(values).toString()).orThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"samples", "base", "overlays", "components", "argocd/examples", "flux"})
    void theManifestsConform(String folder) {
        for (Path file : Repository.files(Repository.MANIFESTS.resolve(folder), ".yaml")) {
            if (!file.endsWith("kustomization.yaml")) {
                assertConforms(Repository.read(file));
            }
        }
    }

    /** Which refuses fields that it does not know, however deep they are. */
    @ParameterizedTest
    @ValueSource(strings = {"argocd/examples", "flux"})
    void theApiServerTakesTheExamplesOfGitOps(String folder) {
        ApiServer server = ApiServer.shared();
        int taken = 0;
        for (Path file : Repository.files(Repository.MANIFESTS.resolve(folder), ".yaml")) {
            for (JsonNode object : Repository.documents(Repository.read(file))) {
                server.namespace(object.at("/metadata/namespace").asText("default"), Map.of());
                Command.Output output = server.kubectl()
                        .run(
                                List.of("apply", "--server-side", "--dry-run=server", "--validate=strict", "-f", "-"),
                                Repository.toYaml(object));
                assertThat(output.exitCode()).as(file + ": " + output.err()).isZero();
                taken++;
            }
        }
        assertThat(taken).isGreaterThan(3);
    }

    private static void assertConforms(String manifests) {
        List<JsonNode> objects = new ArrayList<>();
        for (JsonNode object : Repository.documents(manifests)) {
            // The schemas of CRDs are a language of their own, which the API server has judged already.
            if (!object.path("kind").asText().equals("CustomResourceDefinition")) {
                objects.add(object);
            }
        }
        for (JsonNode object : objects) {
            String group = object.path("apiVersion").asText();
            String schema = schemas + "/{{.ResourceKind}}-"
                    + (group.contains("/") ? group.substring(0, group.indexOf('/')) : "")
                    + "-{{.ResourceAPIVersion}}.json";
            Command.Output output = Command.tool("kubeconform")
                    .run(List.of("-summary", "-schema-location", schema, "-"), Repository.toYaml(object));

            assertThat(output.exitCode()).as(output.out() + output.err()).isZero();
            assertThat(output.out()).contains("Valid: 1, Invalid: 0, Errors: 0, Skipped: 0");
        }
    }
}
