package dev.lightkeeper.simulators.kubernetes.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.lightkeeper.simulators.kubernetes.resource.ResourceType.Names;
import dev.lightkeeper.simulators.kubernetes.resource.ResourceType.ScalePaths;
import dev.lightkeeper.simulators.kubernetes.resource.ResourceType.StoredAs;
import dev.lightkeeper.simulators.kubernetes.schema.StructuralSchema;
import dev.lightkeeper.simulators.kubernetes.wire.GroupResource;
import dev.lightkeeper.simulators.kubernetes.wire.Trees;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The kinds of {@code built-ins.yaml}, whose notation is explained there. */
public final class BuiltIns {
    /** Names the shared definition that a part of a schema is a copy of, for OpenAPI documents. */
    public static final String DEFINITION = "x-definition";

    private static final Pattern LIST = Pattern.compile("\\[(?<keys>[^]]*)](?<items>.+)");
    private final JsonNode table;
    private final Map<String, JsonNode> definitions = new HashMap<>();

    private final JsonNode fieldNumbers;

    private BuiltIns(JsonNode table, JsonNode fieldNumbers) {
        this.table = table;
        this.fieldNumbers = fieldNumbers;
    }

    /** Reads the table. */
    public static BuiltIns load() {
        return new BuiltIns(read("built-ins.yaml"), read("protobuf-fields.yaml"));
    }

    private static JsonNode read(String resource) {
        try (InputStream in = Objects.requireNonNull(BuiltIns.class.getResourceAsStream(resource))) {
            return Trees.ownYaml(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All kinds, in the table's order. */
    public List<ResourceType> kinds() {
        List<ResourceType> kinds = new ArrayList<>();
        table.required("kinds").forEach(kind -> kinds.add(kind(kind)));
        return kinds;
    }

    /** Reads these kinds from protobuf. */
    public Protobuf protobuf() {
        return new Protobuf(fieldNumbers);
    }

    /** The schema of the options of a delete. */
    public JsonNode deleteOptions() {
        return definition("DeleteOptions");
    }

    /** The schema of metadata. */
    public JsonNode objectMeta() {
        return definition("ObjectMeta");
    }

    private ResourceType kind(JsonNode row) {
        String kind = row.required("kind").asText();
        Set<Trait> traits = EnumSet.of(Trait.BUILT_IN);
        row.path("traits").forEach(trait -> traits.add(Trait.valueOf(trait.asText())));
        GroupResource resource = new GroupResource(
                row.path("group").asText(), row.required("plural").asText());
        GroupResource storage =
                row.has("storedAs") ? new GroupResource("", row.path("storedAs").asText()) : resource;
        Map<String, String> renames = new HashMap<>();
        row.path("renames")
                .properties()
                .forEach(e -> renames.put(e.getKey(), e.getValue().asText()));
        JsonNode openApi = rootSchema(row);
        return new ResourceType(
                resource,
                "v1",
                new Names(
                        kind,
                        kind + "List",
                        kind.toLowerCase(Locale.ROOT),
                        MetadataRules.strings(row.path("short")),
                        MetadataRules.strings(row.path("categories"))),
                traits,
                NameRule.valueOf(row.path("names").asText("SUBDOMAIN")),
                scale(row.path("scale")),
                columns(row.path("columns")),
                selectable(row.path("selectable")),
                StructuralSchema.of(openApi),
                openApi,
                new StoredAs(storage, renames));
    }

    private static @Nullable ScalePaths scale(JsonNode scale) {
        return scale.isMissingNode()
                ? null
                : new ScalePaths(
                        scale.path("spec").asText(),
                        scale.path("status").asText(),
                        scale.path("selector").asText());
    }

    private static List<Column> columns(JsonNode columns) {
        List<Column> read = new ArrayList<>();
        for (JsonNode column : columns) {
            read.add(
                    column.isTextual()
                            ? new Column("Age", "string", false, "", "", 0, "{.metadata.creationTimestamp|age}")
                            : new Column(
                                    column.path("name").asText(),
                                    column.path("type").asText("string"),
                                    column.path("number").asBoolean(),
                                    column.path("format").asText(),
                                    "",
                                    column.path("priority").asInt(),
                                    column.path("cell").asText()));
        }
        return read;
    }

    private static Map<String, JsonPath> selectable(JsonNode fields) {
        Map<String, JsonPath> selectable = new HashMap<>();
        fields.properties()
                .forEach(field -> selectable.put(
                        field.getKey(),
                        JsonPath.of(
                                field.getValue().isTextual() ? field.getValue().asText() : "." + field.getKey())));
        return selectable;
    }

    private JsonNode rootSchema(JsonNode row) {
        ObjectNode fields = row.required("schema").deepCopy();
        fields.put("apiVersion", "string").put("kind", "string").put("metadata", "ObjectMeta");
        ObjectNode schema = schema(fields);
        return schema.put("description", row.path("description").asText());
    }

    private JsonNode definition(String name) {
        JsonNode known = definitions.get(name);
        if (known == null) {
            known = schema(table.required("definitions").required(name)).put(DEFINITION, name);
            definitions.put(name, known);
        }
        return known;
    }

    private ObjectNode schema(JsonNode notation) {
        return notation.isTextual() ? typed(notation.asText()) : fields(notation);
    }

    private ObjectNode fields(JsonNode fields) {
        ObjectNode schema = Trees.object().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        List<String> required = new ArrayList<>();
        fields.properties().forEach(field -> {
            if (field.getKey().equals("~")) {
                schema.set("x-kubernetes-map-type", field.getValue());
                return;
            }
            boolean needed = field.getKey().endsWith("!");
            String name = needed ? field.getKey().substring(0, field.getKey().length() - 1) : field.getKey();
            if (needed) {
                required.add(name);
            }
            properties.set(name, schema(field.getValue()));
        });
        if (!required.isEmpty()) {
            schema.set("required", Trees.strings(required));
        }
        return schema;
    }

    private ObjectNode typed(String notation) {
        int equals = notation.indexOf('=');
        ObjectNode schema = plain(equals < 0 ? notation : notation.substring(0, equals));
        if (equals >= 0) {
            String text = notation.substring(equals + 1);
            JsonNode value = Trees.ownYaml(text.getBytes(StandardCharsets.UTF_8));
            schema.set("default", text.isEmpty() ? TextNode.valueOf("") : value);
        }
        return schema;
    }

    private ObjectNode plain(String type) {
        ObjectNode schema = Trees.object();
        Matcher list = LIST.matcher(type);
        if (list.matches()) {
            schema.put("type", "array");
            schema.set("items", schema(TextNode.valueOf(list.group("items"))));
            String keys = list.group("keys");
            switch (keys) {
                case "" -> schema.put("x-kubernetes-list-type", "atomic");
                case "*" -> schema.put("x-kubernetes-list-type", "set").put("x-kubernetes-patch-strategy", "merge");
                default -> {
                    List<String> names = List.of(keys.split(",", -1));
                    schema.put("x-kubernetes-list-type", "map").set("x-kubernetes-list-map-keys", Trees.strings(names));
                    schema.put("x-kubernetes-patch-strategy", "merge")
                            .put("x-kubernetes-patch-merge-key", names.getFirst());
                }
            }
            return schema;
        }
        if (type.startsWith("{}")) {
            schema.put("type", "object").set("additionalProperties", schema(TextNode.valueOf(type.substring(2))));
            return schema;
        }
        return switch (type) {
            case "string", "integer", "number", "boolean" -> schema.put("type", type);
            case "int64" -> schema.put("type", "integer").put("format", "int64");
            case "bytes" -> schema.put("type", "string").put("format", "byte");
            case "time", "microtime" -> schema.put("type", "string").put("format", "date-time");
            case "intOrString" -> schema.put("x-kubernetes-int-or-string", true);
            case "any" -> schema.put("type", "object").put("x-kubernetes-preserve-unknown-fields", true);
            case "raw" -> plain("any").put("x-kubernetes-map-type", "atomic");
            default -> definition(type).deepCopy();
        };
    }
}
