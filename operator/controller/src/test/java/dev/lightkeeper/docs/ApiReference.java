package dev.lightkeeper.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes the reference of one kind from its CRD: a table for each member of spec, and one for status. */
final class ApiReference {
    private static final List<String> BOUNDS = List.of(
            "minimum",
            "maximum",
            "minLength",
            "maxLength",
            "minItems",
            "maxItems",
            "minProperties",
            "maxProperties",
            "format");

    private final StringBuilder out = new StringBuilder();
    private final List<String> rules = new ArrayList<>();

    private ApiReference() {}

    static String of(Path crdFile) {
        try {
            return new ApiReference().write(new YAMLMapper().readTree(crdFile.toFile()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String write(JsonNode crd) {
        JsonNode names = crd.at("/spec/names");
        JsonNode version = crd.at("/spec/versions/0");
        JsonNode schema = version.at("/schema/openAPIV3Schema");
        String apiVersion =
                crd.at("/spec/group").asText() + "/" + version.get("name").asText();
        out.append("## ").append(names.get("kind").asText()).append("\n\n");
        out.append(schema.get("description").asText()).append("\n\n");
        out.append("`apiVersion: %s`, `kind: %s`; %s; short name `%s`.\n\n"
                .formatted(
                        apiVersion,
                        names.get("kind").asText(),
                        crd.at("/spec/scope").asText().equals("Cluster") ? "cluster-scoped" : "namespaced",
                        names.at("/shortNames/0").asText()));
        JsonNode spec = schema.at("/properties/spec");
        for (Map.Entry<String, JsonNode> member : spec.get("properties").properties()) {
            out.append("### spec.").append(member.getKey()).append("\n\n");
            table("spec." + member.getKey(), member.getValue(), requires(spec, member.getKey()));
        }
        if (spec.has("x-kubernetes-validations")) {
            out.append("### Rules over the whole spec\n\n");
            addRules("spec", spec);
            writeRules();
        }
        out.append("### status\n\nWritten by the operator only.\n\n");
        table("status", schema.at("/properties/status"), false);
        return out.toString();
    }

    private void table(String path, JsonNode schema, boolean required) {
        out.append("| Field | Type | Default | Bounds | What it says |\n|---|---|---|---|---|\n");
        row(path, schema, required);
        out.append('\n');
        writeRules();
    }

    private void row(String path, JsonNode schema, boolean required) {
        out.append("| `%s` | %s%s | %s | %s | %s |\n"
                .formatted(
                        path,
                        type(schema),
                        required ? ", required" : "",
                        schema.has("default") ? code(schema.get("default")) : "",
                        String.join("; ", bounds(schema)),
                        cell(schema.path("description").asText())));
        addRules(path, schema);
        JsonNode items = schema.path("items");
        if (items.has("properties")) {
            addRules(path + "[]", items);
            members(path + "[]", items);
        } else if (schema.has("properties")) {
            members(path, schema);
        }
    }

    private void members(String path, JsonNode schema) {
        for (Map.Entry<String, JsonNode> member : schema.get("properties").properties()) {
            row(path + "." + member.getKey(), member.getValue(), requires(schema, member.getKey()));
        }
    }

    private void addRules(String path, JsonNode schema) {
        for (JsonNode rule : schema.path("x-kubernetes-validations")) {
            rules.add("`%s`: %s".formatted(path, cell(rule.path("message").asText())));
        }
    }

    private void writeRules() {
        rules.forEach(rule -> out.append("- ").append(rule).append('\n'));
        if (!rules.isEmpty()) {
            out.append('\n');
        }
        rules.clear();
    }

    private static boolean requires(JsonNode schema, String member) {
        for (JsonNode name : schema.path("required")) {
            if (name.asText().equals(member)) {
                return true;
            }
        }
        return false;
    }

    private static String type(JsonNode schema) {
        String type = schema.path("type").asText("any");
        if (type.equals("array")) {
            List<String> keys = new ArrayList<>();
            schema.path("x-kubernetes-list-map-keys").forEach(key -> keys.add(key.asText()));
            return "list of " + type(schema.get("items"))
                    + (keys.isEmpty() ? "" : ", unique by " + String.join(" and ", keys));
        }
        return schema.has("additionalProperties") ? "map of " + type(schema.get("additionalProperties")) : type;
    }

    private static List<String> bounds(JsonNode schema) {
        List<String> bounds = new ArrayList<>();
        if (schema.has("enum")) {
            List<String> words = new ArrayList<>();
            schema.get("enum").forEach(word -> words.add("`" + word.asText() + "`"));
            bounds.add("one of " + String.join(", ", words));
        }
        for (String bound : BOUNDS) {
            if (schema.has(bound)) {
                bounds.add(bound + " " + schema.get(bound).asText());
            }
        }
        if (schema.has("pattern")) {
            bounds.add("pattern " + code(schema.get("pattern")));
        }
        JsonNode inner = schema.path("type").asText().equals("array")
                ? schema.path("items")
                : schema.path("additionalProperties");
        if (inner.isObject() && !inner.has("properties")) {
            bounds(inner).forEach(bound -> bounds.add("each: " + bound));
        }
        return bounds;
    }

    private static String code(JsonNode value) {
        String text = value.isTextual() ? value.asText() : value.toString();
        return text.isEmpty() ? "`\"\"`" : "`" + cell(text) + "`";
    }

    /** A line break or a bar would end the cell. */
    private static String cell(String text) {
        return text.replace("\n", " ").replace("|", "\\|");
    }
}
