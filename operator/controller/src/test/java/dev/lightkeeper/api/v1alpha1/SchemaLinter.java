package dev.lightkeeper.api.v1alpha1;

import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What every field must have: a description for `kubectl explain`, bounds for the cost limits of CEL and of the status, a list type for apply. */
final class SchemaLinter {
    private final List<String> problems = new ArrayList<>();

    static List<String> problemsOf(JSONSchemaProps root) {
        SchemaLinter linter = new SchemaLinter();
        root.getProperties().forEach((name, property) -> {
            if (!name.equals("metadata")) {
                linter.property("." + name, property);
            }
        });
        return List.copyOf(linter.problems);
    }

    private void property(String path, JSONSchemaProps schema) {
        if (blank(schema.getDescription())) {
            problems.add(path + " has no description");
        }
        value(path, schema);
    }

    private void value(String path, JSONSchemaProps schema) {
        for (ValidationRule rule : schema.getXKubernetesValidations()) {
            if (blank(rule.getMessage())) {
                problems.add(path + " has a rule without a message: " + rule.getRule());
            }
        }
        if (Boolean.TRUE.equals(schema.getXKubernetesPreserveUnknownFields())) {
            problems.add(path + " keeps unknown fields");
        }
        switch (schema.getType()) {
            case "string" -> string(path, schema);
            case "integer" -> integer(path, schema);
            case "array" -> array(path, schema);
            case "object" -> object(path, schema);
            case "boolean" -> {}
            default -> problems.add(path + " has the unwanted type " + schema.getType());
        }
    }

    private void string(String path, JSONSchemaProps schema) {
        boolean bounded = schema.getMaxLength() != null
                || "date-time".equals(schema.getFormat())
                || !schema.getEnum().isEmpty();
        if (!bounded) {
            problems.add(path + " is a string without maxLength");
        }
    }

    private void integer(String path, JSONSchemaProps schema) {
        if (schema.getMinimum() == null) {
            problems.add(path + " is a number without minimum");
        }
        if (blank(schema.getFormat())) {
            problems.add(path + " is a number without format");
        }
    }

    private void array(String path, JSONSchemaProps schema) {
        if (schema.getMaxItems() == null) {
            problems.add(path + " is a list without maxItems");
        }
        JSONSchemaProps item = schema.getItems().getSchema();
        String listType = schema.getXKubernetesListType();
        if (blank(listType)) {
            problems.add(path + " is a list without a list type");
        } else if (listType.equals("map")) {
            for (String key : schema.getXKubernetesListMapKeys()) {
                if (!item.getRequired().contains(key)) {
                    problems.add(path + " has the key " + key + " which is not required");
                }
            }
        } else if (hasDefaults(item)) {
            problems.add(path
                    + " is an atomic list or set with defaults in its items: Argo CD would see a difference for ever");
        }
        value(path + "[]", item);
    }

    private void object(String path, JSONSchemaProps schema) {
        if (schema.getAdditionalProperties() != null) {
            if (schema.getMaxProperties() == null) {
                problems.add(path + " is a map without maxProperties");
            }
            value(path + "{}", schema.getAdditionalProperties().getSchema());
        }
        for (Map.Entry<String, JSONSchemaProps> property :
                schema.getProperties().entrySet()) {
            property(path + "." + property.getKey(), property.getValue());
        }
    }

    private static boolean hasDefaults(JSONSchemaProps schema) {
        return schema.getDefault() != null
                || schema.getProperties().values().stream().anyMatch(SchemaLinter::hasDefaults);
    }

    private static boolean blank(@Nullable String text) {
        return text == null || text.isBlank();
    }
}
