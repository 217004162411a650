package dev.lightkeeper.simulators.kubernetes.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.patch.GoText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Checks what somebody applies for what has no place in the schema, in kube-apiserver's words. */
final class Configuration {
    private final List<String> errors = new ArrayList<>();

    private Configuration() {}

    /** Refuses it unless its merge has one meaning. */
    static void check(ObjectNode applied, FieldType type) {
        if (applied.path("metadata").hasNonNull("managedFields")) {
            throw new ApplyRefused(400, "metadata.managedFields must be nil");
        }
        Configuration configuration = new Configuration();
        configuration.check(type, applied, "");
        List<String> errors = configuration.errors;
        if (!errors.isEmpty()) {
            String apiVersion = applied.path("apiVersion").asText();
            JsonNode metadata = applied.path("metadata");
            throw new ApplyRefused(
                    500,
                    "failed to create typed patch object (%s/%s; %s, Kind=%s): %s"
                            .formatted(
                                    metadata.path("namespace").asText(),
                                    metadata.path("name").asText(),
                                    apiVersion.contains("/") ? apiVersion : "/" + apiVersion,
                                    applied.path("kind").asText(),
                                    errors.size() == 1
                                            ? errors.getFirst()
                                            : "errors:\n  " + String.join("\n  ", errors)));
        }
    }

    private void check(FieldType type, JsonNode value, String path) {
        if (value.isNull()) {
            return;
        }
        switch (type.shape(value)) {
            case MAP -> {
                if (value instanceof ObjectNode object) {
                    checkFields(type, object, path);
                } else {
                    refuse(path, "expected map, got &{%s}".formatted(GoText.of(value)));
                }
            }
            case LIST -> {
                if (value instanceof ArrayNode list) {
                    checkItems(type, list, path);
                } else {
                    refuse(path, "expected list, got &{%s}".formatted(GoText.of(value)));
                }
            }
            case SCALAR -> {
                String mismatch = scalarMismatch(type.schema(), value);
                if (mismatch != null) {
                    refuse(path, mismatch);
                }
            }
        }
    }

    private void checkFields(FieldType type, ObjectNode object, String path) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            String here = path + "." + field.getKey();
            FieldType declared = type.field(field.getKey());
            if (declared == null) {
                refuse(here, "field not declared in schema");
                return;
            }
            check(declared, field.getValue(), here);
        }
    }

    private void checkItems(FieldType type, ArrayNode list, String path) {
        Set<PathElement> seen = new TreeSet<>();
        for (int i = 0; i < list.size(); i++) {
            PathElement element;
            try {
                element = type.isLeaf(FieldType.Shape.LIST) ? new PathElement.Index(i) : type.element(list.get(i));
            } catch (IllegalArgumentException e) {
                refuse(path, "element %d: %s".formatted(i, e.getMessage()));
                return;
            }
            if (!seen.add(element)) {
                refuse(path, "duplicate entries for key " + element);
            }
            check(type.items(), list.get(i), path + element);
        }
    }

    private static @Nullable String scalarMismatch(JsonNode schema, JsonNode value) {
        return switch (schema.path("type").asText("")) {
            case "integer", "number" ->
                value.isNumber() ? null : "expected numeric (int or float), got " + goType(value);
            case "boolean" -> value.isBoolean() ? null : "expected boolean, got &{%s}".formatted(GoText.of(value));
            case "string" -> {
                // Other formats may be numbers, as int-or-string is.
                boolean plain =
                        Set.of("", "byte").contains(schema.path("format").asText(""));
                yield value.isTextual() || (!plain && value.isValueNode())
                        ? null
                        : "expected string, got &value.valueUnstructured{Value:%s}".formatted(goSyntax(value));
            }
            default -> null;
        };
    }

    private void refuse(String path, String message) {
        errors.add(path + ": " + message);
    }

    private static String goType(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "map[string]interface {}";
            case ARRAY -> "[]interface {}";
            case BOOLEAN -> "bool";
            default -> "string";
        };
    }

    /** As Go prints it with {@code %#v}. */
    private static String goSyntax(JsonNode value) {
        return switch (value) {
            case ObjectNode object ->
                object.properties().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(field -> "\"%s\":%s".formatted(field.getKey(), goSyntax(field.getValue())))
                        .collect(Collectors.joining(", ", goType(value) + "{", "}"));
            case ArrayNode list ->
                StreamSupport.stream(list.spliterator(), false)
                        .map(Configuration::goSyntax)
                        .collect(Collectors.joining(", ", goType(value) + "{", "}"));
            default -> value.isNull() ? "interface {}(nil)" : value.toString();
        };
    }
}
