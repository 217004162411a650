package dev.lightkeeper.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The scripts for Argo CD against test data in the layout of Argo CD's own tests. */
class ArgoCdTest {
    private static final Path SCRIPTS = Repository.MANIFESTS.resolve("argocd/resource_customizations/lightkeeper.dev");
    private static final Path SERVICE = SCRIPTS.resolve("ServiceDeployment");
    private static final List<String> ACTIONS = List.of("pause", "reconcile", "restart", "resume", "retry", "rollback");

    /** Not in docs/conditions.md: what an older status says is not about the newest spec. */
    private static ObjectNode ofAnOlderGeneration(DocumentedState healthy) {
        ObjectNode object = healthy.object();
        ((ObjectNode) object.get("metadata")).put("generation", 4);
        return object;
    }

    @Test
    void thereIsACaseForEveryDocumentedState() {
        List<DocumentedState> states = DocumentedState.all();
        assertThat(states).hasSizeGreaterThan(55);
        assertThat(states.stream()
                        .map(DocumentedState::argoHealth)
                        .collect(Collectors.groupingBy(h -> h, Collectors.counting())))
                .containsOnlyKeys("Healthy", "Progressing", "Degraded", "Suspended");

        ObjectNode cases = JsonNodeFactory.instance.objectNode();
        var tests = cases.putArray("tests");
        for (DocumentedState state : states) {
            tests.add(testCase(state.fileName(), state.argoHealth(), state.object()));
        }
        ObjectNode older = ofAnOlderGeneration(states.getFirst());
        tests.add(testCase("verified-an-older-generation.yaml", "Progressing", older));
        Repository.assertGenerated(SERVICE.resolve("health_test.yaml"), Repository.toYaml(cases));
        assertThat(Repository.files(SERVICE.resolve("testdata"), ""))
                .as("no test data of a state that is not documented any more")
                .hasSize(tests.size());
    }

    /** The message is the script's; the status is what it has to be. */
    private static ObjectNode testCase(String file, String status, ObjectNode object) {
        Repository.assertGenerated(SERVICE.resolve("testdata").resolve(file), Repository.toYaml(object));
        ObjectNode test = JsonNodeFactory.instance.objectNode();
        test.put("inputPath", "testdata/" + file);
        test.putObject("healthStatus")
                .put("status", status)
                .put(
                        "message",
                        ArgoLua.run(SERVICE.resolve("health.lua"), object)
                                .path("message")
                                .asText());
        return test;
    }

    @TestFactory
    Stream<DynamicTest> healthIsAsTheTestDataSay() {
        return Stream.of("ServiceDeployment", "AwsAccount")
                .map(SCRIPTS::resolve)
                .flatMap(kind -> list(Repository.yaml(kind.resolve("health_test.yaml")), "tests")
                        .map(test -> DynamicTest.dynamicTest(
                                kind.getFileName() + " "
                                        + test.path("inputPath").asText(),
                                () -> assertThat(ArgoLua.run(
                                                kind.resolve("health.lua"),
                                                Repository.yaml(kind.resolve(
                                                        test.path("inputPath").asText()))))
                                        .isEqualTo(test.path("healthStatus")))));
    }

    @Test
    void everyHealthHasAMessageForPeople() {
        assertThat(list(Repository.yaml(SERVICE.resolve("health_test.yaml")), "tests"))
                .allSatisfy(test -> assertThat(test.at("/healthStatus/message").asText())
                        .hasSizeGreaterThan(10)
                        .doesNotContain("nil"));
    }

    @TestFactory
    Stream<DynamicTest> actionsAreOfferedWhereTheyDoSomething() {
        return list(Repository.yaml(SERVICE.resolve("actions/action_test.yaml")), "discoveryTests")
                .map(test -> DynamicTest.dynamicTest(test.path("inputPath").asText(), () -> {
                    JsonNode offered = ArgoLua.run(
                            SERVICE.resolve("actions/discovery.lua"),
                            Repository.yaml(SERVICE.resolve(
                                    "actions/" + test.path("inputPath").asText())));
                    Map<String, JsonNode> expected = list(test, "result")
                            .collect(Collectors.toMap(
                                    action -> action.path("name").asText(),
                                    ArgoCdTest::withoutName,
                                    (a, b) -> a,
                                    TreeMap::new));

                    assertThat(expected.keySet()).containsExactlyElementsOf(ACTIONS);
                    Map<String, JsonNode> actual = new TreeMap<>();
                    offered.properties().forEach(action -> actual.put(action.getKey(), action.getValue()));
                    assertThat(actual).isEqualTo(expected);
                }));
    }

    private static JsonNode withoutName(JsonNode action) {
        ObjectNode copy = action.deepCopy();
        copy.remove("name");
        return copy;
    }

    @TestFactory
    Stream<DynamicTest> anActionSetsItsAnnotationAndNothingElse() {
        return list(Repository.yaml(SERVICE.resolve("actions/action_test.yaml")), "actionTests")
                .map(test -> DynamicTest.dynamicTest(test.path("action").asText(), () -> {
                    Path actions = SERVICE.resolve("actions");
                    JsonNode input = Repository.yaml(
                            actions.resolve(test.path("inputPath").asText()));

                    JsonNode output =
                            ArgoLua.run(actions.resolve(test.path("action").asText() + "/action.lua"), input);

                    assertThat(output)
                            .isEqualTo(Repository.yaml(actions.resolve(
                                    test.path("expectedOutputPath").asText())));
                    assertThat(output).isNotEqualTo(input);
                    assertThat(output.path("spec")).isEqualTo(input.path("spec"));
                }));
    }

    @Test
    void everyActionHasATest() {
        JsonNode tests = Repository.yaml(SERVICE.resolve("actions/action_test.yaml"));

        assertThat(list(tests, "actionTests")
                        .map(test -> test.path("action").asText())
                        .distinct()
                        .sorted())
                .containsExactlyElementsOf(ACTIONS);
    }

    /** argocd-cm gives no string and no math library; the script must not need them upstream either. */
    @Test
    void theConfigMapHoldsTheScriptsAsTheyAre() {
        ObjectNode configMap = JsonNodeFactory.instance.objectNode();
        configMap.put("apiVersion", "v1").put("kind", "ConfigMap");
        configMap.putObject("metadata").put("name", "argocd-cm");
        ObjectNode data = configMap.putObject("data");
        for (String kind : List.of("AwsAccount", "ServiceDeployment")) {
            data.put(
                    "resource.customizations.health.lightkeeper.dev_" + kind,
                    Repository.read(SCRIPTS.resolve(kind).resolve("health.lua")));
        }
        ObjectNode actions = JsonNodeFactory.instance.objectNode();
        actions.put("discovery.lua", Repository.read(SERVICE.resolve("actions/discovery.lua")));
        var definitions = actions.putArray("definitions");
        for (String action : ACTIONS) {
            definitions
                    .addObject()
                    .put("name", action)
                    .put("action.lua", Repository.read(SERVICE.resolve("actions/" + action + "/action.lua")));
        }
        data.put("resource.customizations.actions.lightkeeper.dev_ServiceDeployment", block(actions));

        Repository.assertGenerated(Repository.MANIFESTS.resolve("argocd/argocd-cm.yaml"), """
                # For Argo CD: paste `data` into the ConfigMap argocd-cm, or use this folder as a kustomize component.
                # Written from resource_customizations/ by a test (operator/packaging, ArgoCdTest, -Dpackaging.update=true).
                """ + block(configMap));
    }

    private static String block(JsonNode node) {
        try {
            return Repository.YAML
                    .copy()
                    .writer()
                    .with(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE)
                    .writeValueAsString(node);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<JsonNode> list(JsonNode node, String field) {
        List<JsonNode> items = new ArrayList<>();
        StreamSupport.stream(Objects.requireNonNull(node.get(field), field).spliterator(), false)
                .forEach(items::add);
        return items.stream();
    }
}
