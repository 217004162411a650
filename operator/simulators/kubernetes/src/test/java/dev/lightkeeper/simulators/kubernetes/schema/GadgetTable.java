package dev.lightkeeper.simulators.kubernetes.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The objects and schemas that are judged, and what a real kube-apiserver answered. */
final class GadgetTable {
    static final ObjectMapper JSON = new ObjectMapper();

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Path RECORDED = Path.of("src/test/resources")
            .resolve(GadgetTable.class.getPackageName().replace('.', '/'))
            .resolve("recorded.jsonl");

    private GadgetTable() {}

    /**
     * One request.
     *
     * @param old the stored object; null where the object is new
     */
    record Row(String name, ObjectNode object, @Nullable ObjectNode old) {
        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * What came of it; lists are sorted, since kube-apiserver walks fields in random order.
     *
     * @param object the object as it would be stored, without metadata; null when it is refused
     */
    record Answer(
            List<FieldError> errors,
            List<String> unknownFields,
            @Nullable JsonNode object) {}

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (JsonNode row : yaml("gadgets.yaml")) {
            ObjectNode object = gadget(row, "spec", "g" + rows.size());
            rows.add(new Row(
                    row.get("name").asText(), object, row.has("old") ? gadget(row, "old", "g" + rows.size()) : null));
        }
        return rows;
    }

    private static ObjectNode gadget(JsonNode row, String content, String name) {
        ObjectNode gadget = JSON.createObjectNode();
        gadget.put("apiVersion", "test.lightkeeper.dev/v1").put("kind", "Gadget");
        if (row.has("metadata")) {
            gadget.set("metadata", row.get("metadata").deepCopy());
        } else {
            gadget.putObject("metadata").put("name", name);
        }
        if (row.has(content)) {
            gadget.set("spec", row.get(content));
        }
        return gadget;
    }

    static JsonNode crd() {
        return yaml("gadget-crd.yaml");
    }

    static JsonNode gadgetSchema() {
        return crd().at("/spec/versions/0/schema/openAPIV3Schema");
    }

    /** Schemas by name, each of a whole object whose spec is the row's schema. */
    static Map<String, ObjectNode> problemSchemas() {
        Map<String, ObjectNode> schemas = new TreeMap<>();
        for (JsonNode row : yaml("problems.yaml")) {
            ObjectNode schema = JSON.createObjectNode().put("type", "object");
            schema.putObject("properties").set("spec", row.get("schema"));
            schemas.put(row.get("name").asText(), schema);
        }
        return schemas;
    }

    static JsonNode yaml(String resource) {
        try (InputStream in = Objects.requireNonNull(GadgetTable.class.getResourceAsStream(resource), resource)) {
            return YAML.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One line of JSON for each row, in the order of their names. */
    static String recorded() {
        try {
            return Files.readString(RECORDED);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void record(String answers) {
        try {
            var _ = Files.writeString(RECORDED, answers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String line(String name, Answer answer) {
        ObjectNode row = JSON.createObjectNode().put("name", name);
        row.set("answer", JSON.valueToTree(sorted(JSON.convertValue(answer, Object.class))));
        return row + "\n";
    }

    private static Object sorted(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<Object, Object> sorted = new TreeMap<>();
                map.forEach((key, member) -> sorted.put(key, member == null ? NullNode.instance : sorted(member)));
                yield sorted;
            }
            case List<?> list ->
                list.stream()
                        .map(item -> item == null ? NullNode.instance : sorted(item))
                        .toList();
            default -> value;
        };
    }
}
