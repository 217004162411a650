package dev.lightkeeper.simulators.kubernetes.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a schema says about merging and owning a value.
 *
 * @param schema          of the value; an empty one takes its shape from the value: maps granular, lists atomic
 * @param preserveUnknown whether undeclared fields are kept, here and below
 */
record FieldType(JsonNode schema, boolean preserveUnknown) {
    static final FieldType DEDUCED = new FieldType(MissingNode.getInstance(), false);

    /** How a value is walked. */
    enum Shape {
        MAP,
        LIST,
        SCALAR
    }

    FieldType {
        if (schema.path("allOf").size() == 1 && !schema.has("type")) {
            ObjectNode referred = schema.path("allOf").get(0).deepCopy();
            if (schema.has("x-kubernetes-map-type")) {
                referred.set("x-kubernetes-map-type", schema.get("x-kubernetes-map-type"));
            }
            schema = referred;
        }
        preserveUnknown |= schema.path("x-kubernetes-preserve-unknown-fields").asBoolean();
    }

    /** The type of whole objects; the schema need not describe apiVersion, kind and metadata. */
    static FieldType ofObjects(JsonNode openApi) {
        ObjectNode schema = openApi.isObject() ? openApi.deepCopy() : JsonNodeFactory.instance.objectNode();
        return new FieldType(schema.put("x-kubernetes-embedded-resource", true), false);
    }

    /** For a type that allows all, it depends on the value. */
    Shape shape(@Nullable JsonNode value) {
        return switch (schema.path("type").asText("")) {
            case "object" -> Shape.MAP;
            case "array" -> Shape.LIST;
            case "" -> {
                if (value != null && value.isValueNode() && !value.isNull()) {
                    yield Shape.SCALAR;
                }
                yield value != null && value.isArray() ? Shape.LIST : Shape.MAP;
            }
            default -> Shape.SCALAR;
        };
    }

    /** Whether such a value has one owner as a whole. */
    boolean isLeaf(Shape shape) {
        return switch (shape) {
            case SCALAR -> true;
            case MAP -> schema.path("x-kubernetes-map-type").asText().equals("atomic");
            case LIST ->
                schema.has("x-kubernetes-list-type")
                        ? schema.get("x-kubernetes-list-type").asText().equals("atomic")
                        : !schema.path("x-kubernetes-patch-strategy").asText().startsWith("merge");
        };
    }

    /** Whether the field is a field of a struct, and not a key of a map. */
    boolean declares(String field) {
        return schema.path("properties").has(field) || ObjectMetadata.isPartOf(schema, field);
    }

    /** The type of a field; null when there must be none. */
    @Nullable
    FieldType field(String name) {
        if (ObjectMetadata.isPartOf(schema, name)) {
            return new FieldType(ObjectMetadata.schema(name), false);
        }
        if (schema.path("properties").has(name)) {
            return new FieldType(schema.get("properties").get(name), preserveUnknown);
        }
        JsonNode additional = schema.path("additionalProperties");
        if (additional.isObject()) {
            return new FieldType(additional, preserveUnknown);
        }
        boolean open = additional.isMissingNode()
                ? preserveUnknown || schema.path("properties").isEmpty()
                : additional.asBoolean();
        return open ? DEDUCED : null;
    }

    FieldType items() {
        return new FieldType(schema.path("items"), preserveUnknown);
    }

    @Nullable
    FieldType at(PathElement element) {
        return switch (element) {
            case PathElement.Field(String name) -> field(name);
            case PathElement.Key _ -> items();
            default -> null;
        };
    }

    /**
     * How an item of a set or list-map is found.
     *
     * @throws IllegalArgumentException saying why it has no place in such a list
     */
    PathElement element(JsonNode item) {
        List<String> names = keys();
        if (names.isEmpty()) {
            return switch (item.getNodeType()) {
                case OBJECT ->
                    throw new IllegalArgumentException(
                            "associative list without keys has an element that's a map type");
                case ARRAY ->
                    throw new IllegalArgumentException("not supported: associative list with lists as elements");
                case NULL ->
                    throw new IllegalArgumentException(
                            "associative list without keys has an element that's an explicit null");
                default -> new PathElement.Value(item);
            };
        }
        if (!item.isObject()) {
            throw new IllegalArgumentException("associative list with keys may not have %s element%s"
                    .formatted(item.isNull() ? "a null" : "non-map", item.isNull() ? "" : "s"));
        }
        SortedMap<String, JsonNode> fields = new TreeMap<>();
        for (String name : names) {
            JsonNode value = item.has(name)
                    ? item.get(name)
                    : items().schema.path("properties").path(name).path("default");
            if (!value.isMissingNode()) {
                fields.put(name, value);
            }
        }
        if (fields.isEmpty()) {
            throw new IllegalArgumentException(
                    "associative list with keys has an element that omits all key fields [%s] (and doesn't have default values for any key fields)"
                            .formatted(String.join(
                                    " ",
                                    names.stream()
                                            .map(name -> "\"" + name + "\"")
                                            .toList())));
        }
        return new PathElement.Key(fields);
    }

    private List<String> keys() {
        if (schema.has("x-kubernetes-list-type")) {
            return StreamSupport.stream(
                            schema.path("x-kubernetes-list-map-keys").spliterator(), false)
                    .map(JsonNode::asText)
                    .toList();
        }
        String mergeKey = schema.path("x-kubernetes-patch-merge-key").asText("");
        return mergeKey.isEmpty() ? List.of() : List.of(mergeKey);
    }
}
