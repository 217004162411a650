package dev.lightkeeper.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lightkeeper.config.Environment;
import dev.lightkeeper.config.Environment.Parsed;
import dev.lightkeeper.config.LogConfig;
import dev.lightkeeper.config.OperatorConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Helm makes of the chart, without a cluster. */
@EnabledIfEnvironmentVariable(named = Command.TOOLS, matches = ".+", disabledReason = Command.WITHOUT_TOOLS)
class ChartIT {
    private static final Set<String> OF_PODS = Set.of("metadata.namespace", "metadata.name");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void theLinterFindsNothing(Helm helm) {
        for (String values : List.of("standard", "everything", "namespaced", "least")) {
            assertThat(helm.command()
                            .run(
                                    "lint",
                                    "--strict",
                                    Repository.CHART.toString(),
                                    "--values",
                                    Helm.values(values).toString())
                            .orThrow())
                    .contains("0 chart(s) failed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"standard", "everything", "namespaced", "least"})
    void bothVersionsOfHelmRenderTheSame(String values) {
        String file = Helm.values(values).toString();

        assertThat(Helm.HELM_4.render("--values", file))
                .isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(Helm.HELM_3.render("--values", file));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "replicaCount=two",
                "replicaCounts=2",
                "image.tag=a b",
                "image.digest=sha256:1",
                "image.repository=",
                "watchNamespaces={Production}",
                "maxConcurrentReconciles=0",
                "shutdownSeconds=301",
                "log.level=LOUD",
                "log.format=xml",
                "aws.roleArn=lightkeeper",
                "aws.region=Ohio",
                "defaultAccount.enabled=true",
                "crds.keep=maybe",
                "networkPolicy.egressPorts={70000}",
                "serviceMonitor.interval=often",
                "prometheusRule.runbookBaseUrl=https://wiki.example.com/",
            })
    void aWrongValueIsRefusedByName(String value) {
        for (Helm helm : Helm.values()) {
            Command.Output output = helm.template("--set", value);

            assertThat(output.exitCode()).as("%s with %s", helm, value).isNotZero();
            assertThat(output.err()).contains(value.replaceAll("[.=].*", ""));
        }
    }

    @Test
    void theOperatorUnderstandsItsEnvironment() {
        OperatorConfig config = config("everything");

        assertThat(config.namespace()).isEqualTo("from-metadata.namespace".replace('.', '-'));
        assertThat(config.podName()).isEqualTo("from-metadata-name");
        assertThat(config.leaderElection()).isTrue();
        assertThat(config.listenPort()).isEqualTo(8080);
        assertThat(config.watchedNamespaces()).isEmpty();
        assertThat(config("namespaced").watchedNamespaces()).containsExactlyInAnyOrder("production", "staging");
    }

    @Test
    void theLevelOfTheLogIsInTheFileThatIsReadAgain() {
        assertThat(settings("standard").log()).isEqualTo(new LogConfig("json", "INFO", true));
        assertThat(settings("everything").log()).isEqualTo(new LogConfig("text", "DEBUG", true));
    }

    @Test
    void anotherLevelOfTheLogRestartsNothing() {
        assertThat(ofKind("Deployment", "--set", "log.level=DEBUG").toList())
                .isEqualTo(ofKind("Deployment").toList());
    }

    @Test
    void thePodLivesLongerThanTheWorkThatRuns() {
        OperatorConfig config = config("standard");
        JsonNode pod = deployment("standard").at("/spec/template/spec");

        assertThat(pod.path("terminationGracePeriodSeconds").asLong())
                .isGreaterThanOrEqualTo(config.shutdown().toSeconds() + 5);
    }

    @Test
    void theLeaseThatIsGrantedIsTheOneThatIsUsed() {
        assertThat(Helm.HELM_4.render()).anySatisfy(object -> {
            assertThat(object.path("kind").asText()).isEqualTo("Role");
            assertThat(object.path("rules"))
                    .anySatisfy(rule -> assertThat(rule.path("resourceNames"))
                            .extracting(JsonNode::asText)
                            .containsExactly(config("standard").leaseName()));
        });
    }

    /** Lists that server-side apply reads as maps: with a key twice, Helm 4 could not apply them. */
    @ParameterizedTest
    @ValueSource(strings = {"standard", "everything", "namespaced", "least"})
    void noKeyOfAListMapStandsTwice(String values) {
        JsonNode container = deployment(values).at("/spec/template/spec/containers/0");

        assertUnique(container.path("env"), "name");
        assertUnique(container.path("ports"), "containerPort");
        assertUnique(container.path("volumeMounts"), "mountPath");
        assertUnique(deployment(values).at("/spec/template/spec/volumes"), "name");
    }

    @Test
    void nothingIsLeftToChance() {
        String values = Helm.values("everything").toString();
        List<JsonNode> first = Helm.HELM_4.render("--values", values);
        List<JsonNode> second = Helm.HELM_4.render("--values", values);

        assertThat(second).isEqualTo(first);
    }

    @Test
    void everythingCarriesTheCommonLabels() {
        assertThat(Helm.HELM_4.render("--values", Helm.values("everything").toString()))
                .allSatisfy(
                        object -> assertThat(object.at("/metadata/labels/team").asText())
                                .as(object.path("kind").asText())
                                .isEqualTo("platform"));
    }

    @Test
    void anAccountOfAnUnknownKindComesAfterAllElse() {
        String values = Helm.values("everything").toString();
        String auto = "defaultAccount.render=Auto";

        assertThat(ofKind("AwsAccount", "--values", values, "--set", auto))
                .singleElement()
                .satisfies(account ->
                        assertThat(annotation(account, "helm.sh~1hook")).isEqualTo("post-install"));
        assertThat(List.of(
                        account(
                                "--values",
                                values,
                                "--set",
                                auto,
                                "--api-versions",
                                "lightkeeper.dev/v1alpha1/AwsAccount"),
                        account("--values", values)))
                .allSatisfy(account -> {
                    assertThat(annotation(account, "helm.sh~1hook")).isEmpty();
                    assertThat(annotation(account, "helm.sh~1resource-policy")).isEqualTo("keep");
                    assertThat(account.at("/spec/accountId").isTextual()).isTrue();
                });
    }

    private static JsonNode account(String... arguments) {
        return ofKind("AwsAccount", arguments).findFirst().orElseThrow();
    }

    private static String annotation(JsonNode object, String name) {
        return object.at("/metadata/annotations/" + name).asText();
    }

    private static void assertUnique(JsonNode list, String key) {
        Set<String> seen = new HashSet<>();
        list.forEach(item -> assertThat(seen.add(item.path(key).asText()))
                .as("%s %s", key, item)
                .isTrue());
    }

    private static JsonNode deployment(String values) {
        return Helm.HELM_4.render("--values", Helm.values(values).toString()).stream()
                .filter(object -> object.path("kind").asText().equals("Deployment"))
                .findFirst()
                .orElseThrow();
    }

    private OperatorConfig config(String values) {
        return settings(values).config();
    }

    /** What the operator reads from its environment and from the file that is mounted. */
    private Parsed.Valid settings(String values) {
        JsonNode container = deployment(values).at("/spec/template/spec/containers/0");
        Map<String, String> environment = new HashMap<>();
        stream(container.path("env")).forEach(variable -> {
            JsonNode field = variable.at("/valueFrom/fieldRef/fieldPath");
            if (field.isTextual()) {
                assertThat(OF_PODS).contains(field.asText());
            }
            environment.put(
                    variable.path("name").asText(),
                    field.isTextual()
                            ? "from-" + field.asText().replace('.', '-')
                            : variable.path("value").asText());
        });
        environment.computeIfPresent(
                "LIGHTKEEPER_CONFIG_FILE",
                (name, path) -> mounted(Path.of(path), values).toString());
        return (Parsed.Valid) Environment.parse(environment);
    }

    private Path mounted(Path path, String values) {
        JsonNode pod = deployment(values).at("/spec/template/spec");
        JsonNode mount = stream(pod.at("/containers/0/volumeMounts"))
                .filter(each -> each.path("mountPath").asText().equals(String.valueOf(path.getParent())))
                .findFirst()
                .orElseThrow();
        assertThat(mount.has("subPath")).as("such a mount never changes").isFalse();
        JsonNode volume = stream(pod.path("volumes"))
                .filter(each -> each.path("name").equals(mount.path("name")))
                .findFirst()
                .orElseThrow();
        JsonNode configMap = ofKind("ConfigMap", "--values", Helm.values(values).toString())
                .filter(each -> each.at("/metadata/name").equals(volume.at("/configMap/name")))
                .findFirst()
                .orElseThrow();
        try {
            return Files.writeString(
                    folder.resolve(values),
                    configMap
                            .path("data")
                            .path(String.valueOf(path.getFileName()))
                            .asText());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<JsonNode> ofKind(String kind, String... arguments) {
        return Helm.HELM_4.render(arguments).stream()
                .filter(object -> object.path("kind").asText().equals(kind));
    }

    private static Stream<JsonNode> stream(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }
}
