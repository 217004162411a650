package dev.lightkeeper.simulators.kubernetes.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.lightkeeper.simulators.kubernetes.conformance.Step.Action;
import dev.lightkeeper.simulators.kubernetes.conformance.Step.Call;
import dev.lightkeeper.simulators.kubernetes.conformance.Step.Command;
import dev.lightkeeper.simulators.kubernetes.conformance.Step.Look;
import dev.lightkeeper.simulators.kubernetes.conformance.Step.Together;
import dev.lightkeeper.simulators.kubernetes.conformance.Step.Watch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Reads a theme: the keys are explained in the README beside the files. */
final class CaseFile {
    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "PATCH", "DELETE");
    private static final Map<String, String> PATCHES = Map.of(
            "json", "application/json-patch+json",
            "merge", "application/merge-patch+json",
            "strategic", "application/strategic-merge-patch+json",
            "apply", "application/apply-patch+yaml");

    private final String theme;

    private CaseFile(String theme) {
        this.theme = theme;
    }

    static List<Case> readAll(Path folder) throws IOException {
        List<Case> cases = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                cases.addAll(read(file));
            }
        }
        return cases;
    }

    private static List<Case> read(Path file) throws IOException {
        // Jackson's YAML parser does not resolve the aliases that keep the cases short.
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(1000);
        Object tree = new Yaml(new SafeConstructor(options)).load(Files.readString(file));
        JsonNode root = new ObjectMapper().valueToTree(tree);
        CaseFile reader = new CaseFile(file.getFileName().toString().replace(".yaml", ""));
        return stream(root.path("cases")).map(reader::readCase).toList();
    }

    private Case readCase(JsonNode node) {
        return new Case(theme, node.path("case").asText(), node.path("about").asText(), steps(node.path("steps")));
    }

    private List<Step> steps(JsonNode nodes) {
        return stream(nodes).map(this::step).toList();
    }

    private Step step(JsonNode node) {
        Look look = new Look(
                strings(node.path("only")),
                strings(node.path("mask")),
                map(node.path("capture")),
                node.path("managedFields").asBoolean());
        Action action = action(node);
        return new Step(title(action), action, look);
    }

    private Action action(JsonNode node) {
        if (node.has("kubectl")) {
            Map<String, JsonNode> files = new LinkedHashMap<>();
            node.path("files").properties().forEach(file -> files.put(file.getKey(), file.getValue()));
            return new Command(
                    node.path("kubectl").asText(),
                    files,
                    node.get("stdin"),
                    text(node.get("editor")),
                    steps(node.path("during")),
                    node.path("lines").asInt());
        }
        if (node.has("watch")) {
            return new Watch(
                    node.path("watch").asText(),
                    node.path("events").asInt(),
                    node.path("bookmarks").asBoolean(),
                    steps(node.path("during")));
        }
        if (node.has("together")) {
            int times = node.path("times").asInt(1);
            return new Together(IntStream.range(0, times)
                    .boxed()
                    .flatMap(i -> stream(node.path("together")).map(call -> call(numbered(call, i))))
                    .toList());
        }
        return call(node);
    }

    private Call call(JsonNode node) {
        String method = METHODS.stream()
                .filter(node::has)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(theme + ": not a step: " + node));
        JsonNode body = node.get("body");
        Map<String, String> headers = new LinkedHashMap<>();
        if (body != null) {
            headers.put("Content-Type", PATCHES.getOrDefault(node.path("as").asText(), "application/json"));
        }
        headers.putAll(map(node.path("headers")));
        return new Call(method, node.path(method).asText(), headers, body, map(node.path("until")));
    }

    private static String title(Action action) {
        return switch (action) {
            case Call call -> call.method() + " " + call.path();
            case Command command -> "kubectl " + command.line();
            case Watch watch -> "watch " + watch.path();
            case Together together -> together.calls().size() + " requests at once";
        };
    }

    private static JsonNode numbered(JsonNode node, int number) {
        return Variables.replace(node, Map.of("i", Integer.toString(number)));
    }

    private static @Nullable String text(@Nullable JsonNode node) {
        return node == null ? null : node.asText();
    }

    private static List<String> strings(JsonNode node) {
        return node instanceof TextNode text
                ? List.of(text.asText())
                : stream(node).map(JsonNode::asText).toList();
    }

    private static Map<String, String> map(JsonNode node) {
        Map<String, String> map = new LinkedHashMap<>();
        node.properties()
                .forEach(entry -> map.put(entry.getKey(), entry.getValue().asText()));
        return map;
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return array.valueStream();
    }
}
