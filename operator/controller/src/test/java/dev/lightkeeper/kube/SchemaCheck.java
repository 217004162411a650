package dev.lightkeeper.kube;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/** The part of the API server's validation that the CRDs use, on the files of {@code crds/}. */
final class SchemaCheck {
    private final List<String> errors = new ArrayList<>();

    private SchemaCheck() {}

    /** The schema of a kind's status. */
    static JSONSchemaProps status(String plural) {
        Path file = Path.of("..", "..", "crds", plural + ".lightkeeper.dev.yaml");
        try {
            CustomResourceDefinition crd =
                    KubernetesClients.lenient().unmarshal(Files.readString(file), CustomResourceDefinition.class);
            return Objects.requireNonNull(crd.getSpec()
                    .getVersions()
                    .getFirst()
                    .getSchema()
                    .getOpenAPIV3Schema()
                    .getProperties()
                    .get("status"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the server would refuse; empty when it would accept. */
    static List<String> errors(JsonNode value, JSONSchemaProps schema) {
        SchemaCheck check = new SchemaCheck();
        check.check(value, schema, "status");
        return check.errors;
    }

    private void check(JsonNode value, JSONSchemaProps schema, String path) {
        String type = schema.getType();
        switch (type) {
            case "object" -> object(value, schema, path);
            case "array" -> array(value, schema, path);
            case "string" -> string(value, schema, path);
            case "integer" -> integer(value, schema, path);
            case "boolean" -> must(value.isBoolean(), path + " is no boolean");
            default -> errors.add(path + " has the unexpected type " + type);
        }
    }

    private void object(JsonNode value, JSONSchemaProps schema, String path) {
        must(value.isObject(), path + " is no object");
        if (schema.getRequired() != null) {
            schema.getRequired().forEach(name -> must(value.has(name), path + " lacks " + name));
        }
        must(schema.getMaxProperties() == null || value.size() <= schema.getMaxProperties(), path + " has too many");
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            JSONSchemaProps known = schema.getProperties() == null
                    ? null
                    : schema.getProperties().get(member.getKey());
            if (known == null && schema.getAdditionalProperties() != null) {
                known = schema.getAdditionalProperties().getSchema();
            }
            must(known != null, path + " does not know " + member.getKey());
            if (known != null) {
                check(member.getValue(), known, path + "." + member.getKey());
            }
        }
    }

    private void array(JsonNode value, JSONSchemaProps schema, String path) {
        must(value.isArray(), path + " is no list");
        must(schema.getMaxItems() == null || value.size() <= schema.getMaxItems(), path + " has too many items");
        must(schema.getMinItems() == null || value.size() >= schema.getMinItems(), path + " has too few items");
        Set<List<JsonNode>> keys = new HashSet<>();
        for (JsonNode item : value) {
            check(item, schema.getItems().getSchema(), path + "[]");
            if ("map".equals(schema.getXKubernetesListType())) {
                must(
                        keys.add(schema.getXKubernetesListMapKeys().stream()
                                .map(item::path)
                                .toList()),
                        path + " has a key twice");
            }
        }
    }

    private void string(JsonNode value, JSONSchemaProps schema, String path) {
        must(value.isTextual(), path + " is no string");
        String text = value.asText();
        int length = text.codePointCount(0, text.length());
        must(schema.getMaxLength() == null || length <= schema.getMaxLength(), path + " is too long");
        must(schema.getMinLength() == null || length >= schema.getMinLength(), path + " is too short");
        must(
                schema.getPattern() == null
                        || Pattern.compile(schema.getPattern()).matcher(text).find(),
                path + " mismatches");
        must(
                schema.getEnum() == null
                        || schema.getEnum().isEmpty()
                        || schema.getEnum().contains(value),
                path + " is none of the words");
        if ("date-time".equals(schema.getFormat())) {
            must(Instant.parse(text).toString().equals(text) && text.length() == 20, path + " is no metav1.Time");
        }
    }

    private void integer(JsonNode value, JSONSchemaProps schema, String path) {
        must(value.isIntegralNumber(), path + " is no integer");
        must(schema.getMinimum() == null || value.asLong() >= schema.getMinimum(), path + " is too small");
        must(schema.getMaximum() == null || value.asLong() <= schema.getMaximum(), path + " is too large");
    }

    private void must(boolean holds, String error) {
        if (!holds) {
            errors.add(error);
        }
    }
}
