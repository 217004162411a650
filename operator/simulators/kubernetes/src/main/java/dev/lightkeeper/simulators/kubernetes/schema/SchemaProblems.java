package dev.lightkeeper.simulators.kubernetes.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What makes kube-apiserver refuse a schema. Costs of rules are not estimated. */
final class SchemaProblems {
    private static final String RULES = "x-kubernetes-validations";
    private static final String KEYS = "x-kubernetes-list-map-keys";
    private static final List<String> TYPES = List.of("array", "boolean", "integer", "number", "object", "string");
    private static final List<String> REASONS =
            List.of("FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired");
    private static final Map<String, String> NOT_IN_ALTERNATIVES = Map.of(
            "type",
            "empty",
            "default",
            "undefined",
            "title",
            "empty",
            "description",
            "empty",
            "nullable",
            "false",
            "additionalProperties",
            "undefined",
            "x-kubernetes-preserve-unknown-fields",
            "false",
            "x-kubernetes-embedded-resource",
            "false",
            "x-kubernetes-int-or-string",
            "false",
            RULES,
            "empty");

    private final Set<FieldError> errors = new LinkedHashSet<>();
    private final @Nullable RuleChecker rules;

    private SchemaProblems(@Nullable RuleChecker rules) {
        this.rules = rules;
    }

    static List<FieldError> of(StructuralSchema root, @Nullable RuleChecker rules) {
        SchemaProblems problems = new SchemaProblems(rules);
        problems.check("", root, "at the root", null);
        if (problems.errors.isEmpty()) {
            problems.checkDefaults("", root);
        }
        return List.copyOf(problems.errors);
    }

    /**
     * @param place          where the schema stands, in the words of the message about a missing type
     * @param uncorrelatable path of the list or map below which nothing is compared with its old value; null outside one
     */
    private void check(String path, @Nullable StructuralSchema schema, String place, @Nullable String uncorrelatable) {
        if (schema == null) {
            return;
        }
        int before = errors.size();
        String prefix = path.isEmpty() ? "" : path + ".";
        checkType(prefix, schema, place);
        boolean isComparable =
                schema.type().equals("array") && schema.listType().equals("map");
        String below = uncorrelatable == null && !isComparable ? path : uncorrelatable;
        check(prefix + "items", schema.items(), "for specified array items", below);
        check(
                prefix + "additionalProperties",
                schema.additionalProperties(),
                "for specified object fields",
                uncorrelatable);
        schema.properties().forEach((name, property) -> {
            String child = prefix + "properties[" + name + "]";
            check(child, property, "for specified object fields", uncorrelatable);
        });
        checkValues(prefix, schema.openApi());
        checkListType(prefix, schema);
        checkRules(prefix, schema);
        if (errors.size() == before) {
            checkPrograms(prefix, schema, uncorrelatable);
        }
    }

    private void checkType(String prefix, StructuralSchema schema, String place) {
        JsonNode json = schema.openApi();
        String type = schema.type();
        if (type.isEmpty() && !schema.isIntOrString() && !schema.preservesUnknownFields()) {
            errors.add(FieldError.required(prefix + "type", "must not be empty " + place));
        } else if (!type.isEmpty() && !TYPES.contains(type)) {
            errors.add(FieldError.notSupported(prefix + "type", TextNode.valueOf(type), TYPES));
        }
        if (type.equals("array") && schema.items() == null) {
            errors.add(FieldError.required(prefix + "items", "must be specified"));
        }
        if (json.path("uniqueItems").asBoolean()) {
            errors.add(FieldError.forbidden(
                    prefix + "uniqueItems",
                    "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"));
        }
        JsonNode additional = json.path("additionalProperties");
        if (!schema.properties().isEmpty() && !additional.isMissingNode() && !additional.asBoolean()) {
            errors.add(FieldError.forbidden(
                    prefix + "additionalProperties", "additionalProperties and properties are mutual exclusive"));
        }
    }

    /** Alternatives only judge values: they may not shape the object. */
    private void checkValues(String prefix, JsonNode schema) {
        if (schema.has("pattern")) {
            try {
                var _ = Pattern.compile(schema.get("pattern").asText());
            } catch (PatternSyntaxException e) {
                String detail = "must be a valid regular expression, but isn't: " + e.getMessage();
                errors.add(FieldError.invalid(prefix + "pattern", schema.get("pattern"), detail));
            }
        }
        boolean isIntOrString = schema.path("x-kubernetes-int-or-string").asBoolean();
        for (String keyword : List.of("anyOf", "allOf", "oneOf")) {
            JsonNode alternatives = schema.path(keyword);
            for (int i = 0; i < alternatives.size(); i++) {
                if (!isIntOrString || !keyword.equals("anyOf")) {
                    checkAlternative(prefix + keyword + "[" + i + "].", alternatives.get(i));
                }
            }
        }
        if (schema.has("not")) {
            checkAlternative(prefix + "not.", schema.get("not"));
        }
    }

    private void checkAlternative(String prefix, JsonNode schema) {
        checkValues(prefix, schema);
        NOT_IN_ALTERNATIVES.forEach((keyword, wanted) -> {
            if (schema.has(keyword)) {
                errors.add(FieldError.forbidden(prefix + keyword, "must be " + wanted + " to be structural"));
            }
        });
        schema.path("properties")
                .properties()
                .forEach(field -> checkAlternative(prefix + "properties[" + field.getKey() + "].", field.getValue()));
        if (schema.path("items").isObject()) {
            checkAlternative(prefix + "items.", schema.get("items"));
        }
    }

    private void checkListType(String prefix, StructuralSchema schema) {
        String listType = schema.listType();
        StructuralSchema items = schema.items();
        if (!schema.mapType().isEmpty() && !List.of("atomic", "granular").contains(schema.mapType())) {
            TextNode value = TextNode.valueOf(schema.mapType());
            errors.add(FieldError.notSupported(prefix + "x-kubernetes-map-type", value, List.of("atomic", "granular")));
        }
        if (!listType.isEmpty() && !schema.type().equals("array")) {
            String detail = "must be array if x-kubernetes-list-type is specified";
            errors.add(FieldError.invalid(prefix + "type", schema.type(), detail));
        } else if (listType.equals("set")
                && items != null
                && items.type().equals("object")
                && !items.mapType().equals("atomic")) {
            String detail = "must be atomic as item of a list with x-kubernetes-list-type=set";
            errors.add(FieldError.invalid(prefix + "items.x-kubernetes-map-type", NullNode.instance, detail));
        }
        if (!listType.isEmpty() && !List.of("atomic", "set", "map").contains(listType)) {
            List<String> supported = List.of("atomic", "set", "map");
            errors.add(
                    FieldError.notSupported(prefix + "x-kubernetes-list-type", TextNode.valueOf(listType), supported));
        }
        if (listType.equals("map")) {
            checkKeys(prefix, schema, items);
        }
    }

    private void checkKeys(String prefix, StructuralSchema schema, @Nullable StructuralSchema items) {
        if (schema.listMapKeys().isEmpty()) {
            errors.add(FieldError.required(prefix + KEYS, "must not be empty if x-kubernetes-list-type is map"));
        }
        if (items == null) {
            return;
        }
        if (!items.type().equals("object")) {
            String detail = "must be object if parent array's x-kubernetes-list-type is map";
            errors.add(FieldError.invalid(prefix + "items.type", items.type(), detail));
            return;
        }
        List<String> required = new ArrayList<>();
        items.openApi().path("required").forEach(name -> required.add(name.asText()));
        for (String key : schema.listMapKeys()) {
            StructuralSchema property = items.property(key);
            if (property == null) {
                JsonNode keys = schema.openApi().get(KEYS);
                errors.add(FieldError.invalid(prefix + KEYS, keys, "entries must all be names of item properties"));
            } else if (!required.contains(key) && Defaults.defaultOf(property) == null) {
                errors.add(FieldError.required(
                        prefix + "items.properties[" + key + "].default",
                        "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required"
                                + " property"));
            }
        }
    }

    private void checkRules(String prefix, StructuralSchema schema) {
        JsonNode declarations = schema.openApi().path(RULES);
        for (int i = 0; i < declarations.size(); i++) {
            String at = prefix + RULES + "[" + i + "].";
            JsonNode declaration = declarations.get(i);
            String rule = declaration.path("rule").asText("").strip();
            JsonNode message = declaration.path("message");
            String text = message.asText("").strip();
            if (rule.isEmpty()) {
                errors.add(FieldError.required(at + "rule", "rule is not specified"));
            } else if (!message.asText("").isEmpty() && text.isEmpty()) {
                errors.add(FieldError.invalid(at + "message", message, "must be non-empty if specified"));
            } else if (text.matches("(?s).*[\\n\\r].*")) {
                errors.add(FieldError.invalid(at + "message", message, "must not contain line breaks"));
            } else if (rule.matches("(?s).*[\\n\\r].*") && text.isEmpty()) {
                errors.add(
                        FieldError.required(at + "message", "message must be specified if rule contains line breaks"));
            }
            JsonNode reason = declaration.path("reason");
            if (reason.isTextual() && !REASONS.contains(reason.textValue())) {
                errors.add(FieldError.notSupported(at + "reason", reason, REASONS));
            }
            String fieldPath = declaration.path("fieldPath").asText("");
            if (!fieldPath.isEmpty() && RuleChecker.fieldPath(fieldPath, schema).isEmpty()) {
                errors.add(FieldError.invalid(at + "fieldPath", fieldPath, "must be a valid path"));
            }
        }
    }

    private void checkPrograms(String prefix, StructuralSchema schema, @Nullable String uncorrelatable) {
        List<CelRule> own = rules == null ? List.of() : rules.rulesOf(schema);
        for (int i = 0; i < own.size(); i++) {
            CelRule rule = own.get(i);
            String at = prefix + RULES + "[" + i + "].";
            if (rule.ruleProblem().equals(CelRule.NO_TYPE)) {
                errors.add(new FieldError(
                        "InternalError", prefix + RULES, "Internal error: internal error: " + CelRule.NO_TYPE));
                return;
            }
            if (!rule.ruleProblem().isEmpty()) {
                errors.add(refused(at + "rule", rule.declaration(), rule.ruleProblem()));
            }
            if (!rule.messageProblem().isEmpty()) {
                errors.add(refused(at + "messageExpression", rule.declaration(), rule.messageProblem()));
            }
            if (rule.usesOldSelf() && uncorrelatable != null) {
                String detail = "oldSelf cannot be used on the uncorrelatable portion of the schema within"
                        + " spec.validation.openAPIV3Schema." + uncorrelatable;
                errors.add(FieldError.invalid(at + "rule", rule.declaration().get("rule"), detail));
            }
        }
    }

    /** The value in the message is Go's view on the rule, in the order of its fields. */
    private static FieldError refused(String path, JsonNode declaration, String detail) {
        StringBuilder value = new StringBuilder("{");
        for (String field : List.of("rule", "message", "messageExpression", "reason", "fieldPath", "optionalOldSelf")) {
            JsonNode member = declaration.path(field);
            boolean isPointer = field.equals("reason") || field.equals("optionalOldSelf");
            String name = Character.toUpperCase(field.charAt(0)) + field.substring(1);
            value.append(value.length() > 1 ? "," : "").append('"').append(name).append("\":");
            value.append(member.isMissingNode() ? (isPointer ? "null" : "\"\"") : GoText.json(member));
        }
        return new FieldError("FieldValueInvalid", path, "Invalid value: " + value + "}: " + detail);
    }

    private void checkDefaults(String path, StructuralSchema schema) {
        String prefix = path.isEmpty() ? "" : path + ".";
        JsonNode standard = Defaults.defaultOf(schema);
        if (standard != null) {
            checkDefault(prefix + "default", standard, schema);
        }
        if (schema.items() != null) {
            checkDefaults(prefix + "items", schema.items());
        }
        schema.properties().forEach((name, property) -> checkDefaults(prefix + "properties[" + name + "]", property));
    }

    private void checkDefault(String path, JsonNode standard, StructuralSchema schema) {
        JsonNode pruned = standard.deepCopy();
        Pruning.prune("", pruned, schema, schema.isEmbeddedResource(), new ArrayList<>());
        if (!pruned.equals(standard)) {
            errors.add(FieldError.invalid(path, standard, "must not have unknown fields"));
        }
        List<FieldError> found = ValueValidation.of(standard, null, path, schema);
        errors.addAll(found);
        if (found.isEmpty() && rules != null) {
            errors.addAll(rules.checkPart(path, schema, standard));
        }
    }
}
