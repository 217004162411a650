package dev.lightkeeper.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What Argo CD and Flux would see: they compare by a server-side apply that is a dry run, which here is done by
 * {@code kubectl diff --server-side} in Argo CD's name.
 */
@EnabledIfEnvironmentVariable(named = Command.TOOLS, matches = ".+", disabledReason = Command.WITHOUT_TOOLS)
@SuppressWarnings("NullAway.Init")
class GitOpsApiServerIT {
    private static final String ARGO = "argocd-controller";

    private static ApiServer server;

    @BeforeAll
    static void start() {
        server = ApiServer.shared();
    }

    @BeforeEach
    void crds() {
        server.namespace("production", Map.of("team", "core"));
        kubectl(
                        "apply",
                        "--server-side",
                        "--force-conflicts",
                        "-f",
                        Repository.ROOT.resolve("crds").toString())
                .orThrow();
        server.servesEveryKind();
    }

    @AfterEach
    void nothingStays() {
        kubectl("patch", "sdep/api", "-n", "production", "--type=merge", "-p", "{\"metadata\":{\"finalizers\":null}}");
        server.removeProduct();
    }

    static Stream<JsonNode> ours() {
        return Stream.of("samples", "argocd/examples", "flux")
                .flatMap(folder -> Repository.files(Repository.MANIFESTS.resolve(folder), ".yaml").stream())
                .flatMap(file -> Repository.documents(Repository.read(file)).stream())
                .filter(object -> object.path("apiVersion").asText().startsWith("lightkeeper.dev/"));
    }

    @ParameterizedTest
    @MethodSource("ours")
    void whatWasSynchronisedStaysInSync(JsonNode declared) {
        String manifest = Repository.toYaml(declared);
        String object = declared.path("kind").asText() + "/"
                + declared.at("/metadata/name").asText();
        sync(manifest);
        // As the operator does: a finalizer and the status, each by its own manager.
        patch(object, "{\"metadata\":{\"finalizers\":[\"lightkeeper.dev/finalizer\"]}}");
        patch(object, "{\"status\":{\"observedGeneration\":1}}", "--subresource=status");
        // As people and Argo's actions do.
        patch(object, "{\"metadata\":{\"annotations\":{\"lightkeeper.dev/reconcile-requested-at\":\"1\"}}}");

        assertThat(diff(manifest)).isEmpty();
        String version = version(object);
        sync(manifest);
        assertThat(version(object)).isEqualTo(version);
        assertThat(live(object)
                        .at("/metadata/annotations/lightkeeper.dev~1reconcile-requested-at")
                        .asText())
                .isEqualTo("1");
        patch(object, "{\"metadata\":{\"finalizers\":null}}");
    }

    @Test
    void aScaleThatGitDoesNotSayIsLeftToWhoeverScales() {
        String manifest = service("");
        sync(manifest);
        kubectl("scale", "sdep/api", "-n", "production", "--replicas=4").orThrow();

        assertThat(diff(manifest)).isEmpty();
        sync(manifest);
        assertThat(live("sdep/api").at("/spec/scale").asInt()).isEqualTo(4);
    }

    @Test
    void aScaleThatGitSaysWins() {
        String manifest = service("scale: 2");
        sync(manifest);
        kubectl("scale", "sdep/api", "-n", "production", "--replicas=4").orThrow();

        assertThat(diff(manifest)).contains("scale: 4", "scale: 2");
        sync(manifest);
        assertThat(live("sdep/api").at("/spec/scale").asInt()).isEqualTo(2);
    }

    /** Argo CD removes what ignoreDifferences names before it applies (RespectIgnoreDifferences): it is as if Git were silent. */
    @Test
    void aScaleThatGitSaysOnceAndIsIgnoredThenIsLeft() throws IOException {
        sync(service("scale: 2"));
        kubectl("scale", "sdep/api", "-n", "production", "--replicas=4").orThrow();
        JsonNode ignoring = Repository.documents(service("scale: 2")).getFirst();
        ((ObjectNode) ignoring.get("spec")).remove("scale");

        sync(Repository.toYaml(ignoring));

        assertThat(live("sdep/api").at("/spec/scale").asInt()).isEqualTo(4);
    }

    @Test
    void theScaleIsServedForAutoscalers() {
        sync(service(""));
        JsonNode scale = Repository.documents(kubectl(
                                "get",
                                "--raw",
                                "/apis/lightkeeper.dev/v1alpha1/namespaces/production/servicedeployments/api/scale")
                        .orThrow())
                .getFirst();

        assertThat(scale.at("/spec/replicas").asInt()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"waves.yaml", "application.yaml", "applicationset.yaml"})
    void theExamplesAreUnderstoodAsFarAsTheServerKnowsThem(String file) {
        List<JsonNode> known =
                Repository.documents(Repository.read(Repository.MANIFESTS.resolve("argocd/examples/" + file))).stream()
                        .filter(object -> !object.path("apiVersion").asText().startsWith("argoproj.io/"))
                        .toList();
        for (JsonNode object : known) {
            server.kubectl()
                    .run(
                            List.of("apply", "--server-side", "--dry-run=server", "--validate=strict", "-f", "-"),
                            Repository.toYaml(object))
                    .orThrow();
        }
        assertThat(known.size()).isEqualTo(file.equals("waves.yaml") ? 3 : 0);
    }

    @Test
    void theComponentAddsScriptsAndLinksToTheConfigMapOfArgoCd() throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "kustomize-argocd"));
        Files.writeString(folder.resolve("argocd-cm.yaml"), """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: argocd-cm, namespace: argocd}
                data: {url: "https://argocd.example.com"}
                """);
        Files.writeString(folder.resolve("kustomization.yaml"), """
                namespace: argocd
                resources: [argocd-cm.yaml]
                components: [../../../../manifests/argocd]
                """);

        JsonNode data = Repository.documents(
                        kubectl("kustomize", folder.toString()).orThrow())
                .getFirst()
                .path("data");

        List<String> keys = new ArrayList<>();
        data.fieldNames().forEachRemaining(keys::add);
        assertThat(keys)
                .containsExactlyInAnyOrder(
                        "url",
                        "resource.links",
                        "resource.customizations.actions.lightkeeper.dev_ServiceDeployment",
                        "resource.customizations.health.lightkeeper.dev_AwsAccount",
                        "resource.customizations.health.lightkeeper.dev_ServiceDeployment");
        Path scripts = Repository.MANIFESTS.resolve("argocd/resource_customizations/lightkeeper.dev");
        assertThat(data.path("resource.customizations.health.lightkeeper.dev_ServiceDeployment")
                        .asText())
                .isEqualTo(Repository.read(scripts.resolve("ServiceDeployment/health.lua")));
        JsonNode actions = Repository.documents(
                        data.path("resource.customizations.actions.lightkeeper.dev_ServiceDeployment")
                                .asText())
                .getFirst();
        assertThat(actions.path("definitions")).hasSize(6);
        assertThat(actions.at("/definitions/5/action.lua").asText())
                .isEqualTo(Repository.read(scripts.resolve("ServiceDeployment/actions/rollback/action.lua")));
    }

    private static String service(String scale) {
        return """
                apiVersion: lightkeeper.dev/v1alpha1
                kind: ServiceDeployment
                metadata: {name: api, namespace: production}
                spec:
                  %s
                  lightsail: {serviceName: api, power: nano}
                  containers: [{name: api, image: "registry.example.com/api:1", ports: [{containerPort: 80}]}]
                  publicEndpoint: {healthCheck: {path: /live}}
                  readiness: {path: /ready}
                """.formatted(scale);
    }

    private static void sync(String manifest) {
        server.kubectl()
                .run(
                        List.of("apply", "--server-side", "--force-conflicts", "--field-manager=" + ARGO, "-f", "-"),
                        manifest)
                .orThrow();
    }

    /** Empty when in sync. */
    private static String diff(String manifest) {
        Command.Output output = server.kubectl()
                .run(
                        List.of("diff", "--server-side", "--force-conflicts", "--field-manager=" + ARGO, "-f", "-"),
                        manifest);
        assertThat(output.exitCode()).as(output.err()).isLessThan(2);
        return output.out();
    }

    private static void patch(String object, String patch, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "patch", object, "-n", "production", "--type=merge", "-p", patch, "--field-manager=lightkeeper"));
        arguments.addAll(List.of(more));
        server.kubectl().run(arguments, "").orThrow();
    }

    private static JsonNode live(String object) {
        return Repository.documents(
                        kubectl("get", object, "-n", "production", "-o", "json").orThrow())
                .getFirst();
    }

    private static String version(String object) {
        return live(object).at("/metadata/resourceVersion").asText();
    }

    private static Command.Output kubectl(String... arguments) {
        return server.kubectl().run(arguments);
    }
}
