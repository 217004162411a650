package dev.lightkeeper.simulators.kubernetes.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lightkeeper.simulators.kubernetes.resource.BuiltIns;
import dev.lightkeeper.simulators.kubernetes.schema.FieldError;
import dev.lightkeeper.simulators.kubernetes.schema.StructuralSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * kube-apiserver reads metadata and built-in kinds into Go's structs. What does not even fit there is told in the words
 * of Go's JSON package, which name the struct and the path of fields in it.
 *
 * @param struct the outermost struct
 * @param prefix of all paths
 * @param schema of the struct
 */
record GoTypes(String struct, String prefix, StructuralSchema schema) {
    private static final Pattern WRONG_TYPE = Pattern.compile("must be of type ([\\w-]+): \"(.*)\"$", Pattern.DOTALL);
    private static final Pattern NOT_BASE64 = Pattern.compile("[^A-Za-z0-9+/=]");
    private static final Map<String, String> JSON_NAMES = Map.of("integer", "number", "boolean", "bool");
    private static final Map<String, String> GO_NAMES = Map.of("boolean", "bool", "number", "float64");

    /** The first thing that does not fit. */
    Optional<String> problem(List<FieldError> errors) {
        return errors.stream().map(this::problem).flatMap(Optional::stream).findFirst();
    }

    /** Metadata that is no object. */
    static String notMetadata(JsonNode given, String kind) {
        return kind.isEmpty()
                ? "json: cannot unmarshal " + jsonName(given) + " into Go value of type v1.ObjectMeta"
                : "json: cannot unmarshal %s into Go struct field %s.metadata of type v1.ObjectMeta"
                        .formatted(jsonName(given), kind);
    }

    /** A body that is no object. */
    static String notAnObject(JsonNode body) {
        return "json: cannot unmarshal " + jsonName(body) + " into Go value of type struct { APIVersion string"
                + " \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }";
    }

    private Optional<String> problem(FieldError error) {
        Matcher types = WRONG_TYPE.matcher(error.message());
        if (!types.find()) {
            return Optional.empty();
        }
        String wanted = types.group(1);
        String found = types.group(2);
        if (wanted.equals("byte")) {
            Matcher wrong = NOT_BASE64.matcher(found);
            return Optional.of("illegal base64 data at input byte " + (wrong.find() ? wrong.start() : found.length()));
        }
        if (wanted.equals("date-time")) {
            String format = "\"2006-01-02T15:04:05Z07:00\"";
            return Optional.of(
                    "parsing time \"%s\" as %s: cannot parse \"%s\" as \"2006\"".formatted(found, format, found));
        }
        return error.reason().equals("FieldValueTypeInvalid")
                ? Optional.of(doesNotFit(error.field(), found))
                : Optional.empty();
    }

    private String doesNotFit(String path, String found) {
        List<String> fields = new ArrayList<>();
        String owner = struct;
        StructuralSchema at = schema;
        boolean inMap = false;
        // Go names neither keys of maps nor indexes.
        for (String name : path.replaceAll("\\[[^]]*]", "").split("\\.", -1)) {
            StructuralSchema items = at.items();
            StructuralSchema holder = items == null ? at : items;
            StructuralSchema next = holder.property(name);
            if (next == null) {
                inMap = true;
                break;
            }
            owner = fields.isEmpty() ? struct : structName(holder, fields.getLast());
            fields.add(name);
            at = next;
        }
        boolean inList = path.endsWith("]");
        StructuralSchema values = inMap ? at.additionalProperties() : inList ? at.items() : at;
        String goType = goType(values == null ? at : values, fields.isEmpty() ? "" : fields.getLast());
        return "json: cannot unmarshal %s into Go struct field %s.%s of type %s"
                .formatted(JSON_NAMES.getOrDefault(found, found), owner, prefix + String.join(".", fields), goType);
    }

    private String structName(StructuralSchema schema, String field) {
        return schema.openApi()
                .path(BuiltIns.DEFINITION)
                .asText(struct + field.substring(0, 1).toUpperCase(Locale.ROOT) + field.substring(1));
    }

    private String goType(StructuralSchema schema, String field) {
        StructuralSchema items = schema.items();
        StructuralSchema values = schema.additionalProperties();
        if (items != null) {
            return "[]" + goType(items, field);
        }
        if (values != null) {
            return "map[string]" + goType(values, field);
        }
        return switch (schema.type()) {
            case "object" -> "v1." + structName(schema, field);
            case "integer" -> schema.openApi().path("format").asText("int32");
            default -> GO_NAMES.getOrDefault(schema.type(), schema.type());
        };
    }

    private static String jsonName(JsonNode value) {
        String name = value.getNodeType().name().toLowerCase(Locale.ROOT);
        return JSON_NAMES.getOrDefault(name, name);
    }
}
