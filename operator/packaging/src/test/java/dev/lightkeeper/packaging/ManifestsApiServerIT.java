package dev.lightkeeper.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The manifests are what the chart renders, and kustomize puts them together as Helm does. */
@EnabledIfEnvironmentVariable(named = Command.TOOLS, matches = ".+", disabledReason = Command.WITHOUT_TOOLS)
@SuppressWarnings("NullAway.Init")
class ManifestsApiServerIT {
    private static final String HEAD = """
            # Written from the Helm chart: change that, then write this file again with
            #   mvn -pl operator/packaging -am verify -Dit.test=ManifestsApiServerIT -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false \\
            #     -Dfailsafe.failIfNoSpecifiedTests=false -Dpackaging.update=true
            """;
    private static final Set<String> OPERATOR =
            Set.of("ServiceAccount", "ConfigMap", "Deployment", "Service", "PodDisruptionBudget", "NetworkPolicy");
    private static final Set<String> RBAC = Set.of("Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding");
    private static final String[] MONITORED = {
        "--set", "serviceMonitor.enabled=true,prometheusRule.enabled=true,grafanaDashboards.enabled=true"
    };

    private static ApiServer server;

    @BeforeAll
    static void start() {
        server = ApiServer.shared();
    }

    @AfterEach
    void nothingStays() {
        server.removeProduct();
    }

    /** First, so that the others see what was written. */
    @BeforeEach
    void manifestsAreWrittenFromTheChart() {
        List<JsonNode> standard = Manifests.ofChart();
        List<JsonNode> monitored = Manifests.ofChart(MONITORED);
        List<JsonNode> namespaced = Manifests.ofChart("--set", "watchNamespaces={production}");

        generated("base/operator.yaml", Manifests.ofKinds(standard, OPERATOR));
        generated("overlays/cluster-wide/rbac.yaml", Manifests.ofKinds(standard, RBAC));
        generated("overlays/namespaced/rbac.yaml", Manifests.ofKinds(namespaced, RBAC));
        generated(
                "components/monitoring/prometheus.yaml",
                Manifests.ofKinds(monitored, Set.of("ServiceMonitor", "PrometheusRule")));
        generated(
                "components/monitoring/dashboards.yaml",
                Manifests.ofKinds(monitored, Set.of("ConfigMap")).stream()
                        .filter(object -> !standard.contains(object))
                        .toList());
    }

    private static void generated(String file, List<JsonNode> objects) {
        assertThat(objects).isNotEmpty();
        Repository.assertGenerated(Repository.MANIFESTS.resolve(file), Manifests.toYaml(HEAD, objects));
    }

    @ParameterizedTest
    @CsvSource({"cluster-wide, standard", "namespaced, namespaced"})
    void anOverlayIsWhatTheChartRenders(String overlay, String values) {
        List<JsonNode> chart = values.equals("standard")
                ? Manifests.ofChart()
                : Manifests.ofChart("--set", "watchNamespaces={production}");

        assertThat(withoutNamespace(
                        kustomize(Repository.MANIFESTS.resolve("overlays").resolve(overlay))))
                .containsExactlyInAnyOrderElementsOf(chart);
    }

    @Test
    void theMonitoringComponentAddsWhatTheChartAdds() throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "kustomize-monitored"));
        Files.writeString(folder.resolve("kustomization.yaml"), """
                resources: [../../../../manifests/overlays/cluster-wide]
                components: [../../../../manifests/components/monitoring]
                images: [{name: registry.example.com/lightkeeper, newName: registry.example.org/team/lightkeeper, newTag: v2}]
                """);

        assertThat(withoutNamespace(kustomize(folder)))
                .containsExactlyInAnyOrderElementsOf(Manifests.ofChart(
                        MONITORED[0],
                        MONITORED[1] + ",image.repository=registry.example.org/team/lightkeeper,image.tag=v2"));
    }

    @ParameterizedTest
    @CsvSource({"overlays/cluster-wide", "overlays/namespaced"})
    void theApiServerTakesAnOverlayAtOnce(String path) {
        server.namespace("production", Map.of());
        Path overlay = Repository.MANIFESTS.resolve(path);
        Command.Output output =
                server.kubectl().run("apply", "--server-side", "--validate=strict", "-k", overlay.toString());

        output.orThrow();
        assertThat(output.err()).isEmpty();
    }

    /** A generator's hashed names and the images of Git reach the fields of a ServiceDeployment. */
    @Test
    void kustomizeKnowsTheFieldsOfAServiceDeployment() throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "kustomize-service"));
        Files.copy(
                Repository.MANIFESTS.resolve("kustomize/kustomizeconfig.yaml"),
                folder.resolve("kustomizeconfig.yaml"),
                StandardCopyOption.REPLACE_EXISTING);
        Files.copy(
                Repository.MANIFESTS.resolve("samples/shop.yaml"),
                folder.resolve("shop.yaml"),
                StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(folder.resolve("kustomization.yaml"), """
                resources: [shop.yaml]
                configurations: [kustomizeconfig.yaml]
                namePrefix: blue-
                """);

        JsonNode service = kustomize(folder).stream()
                .filter(object -> object.path("kind").asText().equals("ServiceDeployment"))
                .findFirst()
                .orElseThrow();

        JsonNode container = service.at("/spec/containers/0");
        assertThat(container.at("/envFrom/0/configMapRef/name").asText()).isEqualTo("blue-shop");
        assertThat(container.at("/env/0/valueFrom/configMapKeyRef/name").asText())
                .isEqualTo("blue-shop");
        assertThat(container.at("/env/2/valueFrom/secretKeyRef/name").asText()).isEqualTo("blue-shop");
    }

    private static List<JsonNode> kustomize(Path folder) {
        return Repository.documents(
                server.kubectl().run("kustomize", folder.toString()).orThrow());
    }

    private static List<JsonNode> withoutNamespace(List<JsonNode> objects) {
        assertThat(objects).extracting(object -> object.path("kind").asText()).contains("Namespace");
        return objects.stream()
                .filter(object -> !object.path("kind").asText().equals("Namespace"))
                .toList();
    }
}
