package dev.lightkeeper.simulators.kubernetes.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Evaluates the rules of a whole schema; those under {@code allOf} are not known here. */
final class RuleChecker {
    private static final Set<String> BLOCKING = Set.of(
            "FieldValueNotSupported",
            "FieldValueRequired",
            "FieldValueTooLong",
            "FieldValueTooMany",
            "FieldValueTypeInvalid");

    private final StructuralSchema root;
    private final Map<StructuralSchema, List<CelRule>> rules = new HashMap<>();

    private RuleChecker(StructuralSchema root) {
        this.root = root;
        compile(root, true);
    }

    /** Null for a schema without rules. */
    static @Nullable RuleChecker of(StructuralSchema root) {
        RuleChecker checker = new RuleChecker(root);
        return checker.rules.isEmpty() ? null : checker;
    }

    private void compile(@Nullable StructuralSchema schema, boolean isResource) {
        if (schema != null) {
            List<CelRule> own = CelRule.compileAll(schema, isResource);
            if (!own.isEmpty()) {
                rules.put(schema, own);
            }
            schema.properties().values().forEach(property -> compile(property, property.isEmbeddedResource()));
            for (StructuralSchema child : children(schema)) {
                compile(child, child.isEmbeddedResource());
            }
        }
    }

    private static List<StructuralSchema> children(StructuralSchema schema) {
        List<StructuralSchema> children = new ArrayList<>();
        Collections.addAll(children, schema.items(), schema.additionalProperties());
        children.removeIf(child -> child == null);
        return children;
    }

    List<CelRule> rulesOf(StructuralSchema schema) {
        return rules.getOrDefault(schema, List.of());
    }

    /** @param earlier errors of the schema; some of them would make rules fail for the wrong reason */
    List<FieldError> check(ObjectNode object, @Nullable ObjectNode old, List<FieldError> earlier) {
        if (earlier.stream().anyMatch(error -> BLOCKING.contains(error.reason()))) {
            return List.of(new FieldError(
                    "FieldValueInvalid",
                    "<nil>",
                    "Invalid value: null: some validation rules were not checked because the object was invalid;"
                            + " correct the existing errors to complete validation"));
        }
        List<FieldError> errors = new ArrayList<>();
        Correlation change = old == null ? null : new Correlation(object, old, root);
        check("", root, true, object, old, new Ratchet(change, null), errors);
        return errors;
    }

    /** The rules of one part of the schema, for a value that stands alone. */
    List<FieldError> checkPart(String path, StructuralSchema schema, JsonNode value) {
        List<FieldError> errors = new ArrayList<>();
        check(path, schema, schema.isEmbeddedResource(), value, null, new Ratchet(null, null), errors);
        return errors;
    }

    /**
     * Decides whether a violation is old.
     *
     * @param current null where the old value cannot be found
     * @param parent  the nearest value around it that could be found
     */
    private record Ratchet(
            @Nullable Correlation current, @Nullable Correlation parent) {
        Ratchet key(String name) {
            if (current == null) {
                return this;
            }
            boolean isType = name.equals("apiVersion") || name.equals("kind");
            return parent == null && isType ? new Ratchet(null, null) : new Ratchet(current.key(name), current);
        }

        Ratchet index(int index) {
            return current == null ? this : new Ratchet(current.index(index), current);
        }

        boolean holds() {
            Correlation judge = current == null ? parent : current;
            return judge != null && judge.isUnchanged();
        }
    }

    private void check(
            String path,
            @Nullable StructuralSchema schema,
            boolean isResource,
            JsonNode value,
            @Nullable JsonNode old,
            Ratchet ratchet,
            List<FieldError> errors) {
        if (schema == null || value.isNull()) {
            return;
        }
        evaluate(path, schema, isResource, value, old, ratchet, errors);
        if (value.isArray() && schema.items() != null) {
            StructuralSchema items = schema.items();
            for (int i = 0; i < value.size(); i++) {
                JsonNode oldItem = old == null ? null : Correlation.itemWithKeysOf(value.get(i), old, schema);
                String child = path + "[" + i + "]";
                boolean isObject = items.isEmbeddedResource();
                check(child, items, isObject, value.get(i), oldItem, ratchet.index(i), errors);
            }
        } else if (value.isObject()) {
            value.properties().forEach(field -> {
                String name = field.getKey();
                StructuralSchema property = schema.property(name);
                StructuralSchema child = property == null ? schema.additionalProperties() : property;
                String childPath =
                        property == null ? path + "[" + name + "]" : path.isEmpty() ? name : path + "." + name;
                JsonNode oldChild = old == null ? null : old.get(name);
                boolean isObject = child != null && child.isEmbeddedResource();
                check(childPath, child, isObject, field.getValue(), oldChild, ratchet.key(name), errors);
            });
        }
    }

    private void evaluate(
            String path,
            StructuralSchema schema,
            boolean isResource,
            JsonNode value,
            @Nullable JsonNode old,
            Ratchet ratchet,
            List<FieldError> errors) {
        List<CelRule> own = rulesOf(schema);
        if (own.isEmpty()) {
            return;
        }
        Object self = CelValues.of(value, schema, isResource);
        Object oldSelf = old == null || old.isNull() ? null : CelValues.of(old, schema, isResource);
        for (CelRule rule : own) {
            switch (rule.evaluate(self, oldSelf)) {
                case CelRule.Outcome.Holds() -> {}
                case CelRule.Outcome.Failed(String detail) ->
                    errors.add(FieldError.invalid(path, schema.type(), detail));
                case CelRule.Outcome.Violated(String detail) -> {
                    if (rule.usesOldSelf() || !ratchet.holds()) {
                        errors.add(violation(path, schema, value, rule.declaration(), detail));
                    }
                }
            }
        }
    }

    private static FieldError violation(
            String path, StructuralSchema schema, JsonNode value, JsonNode declaration, String detail) {
        String field = fieldPath(declaration.path("fieldPath").asText(""), schema);
        String at = path.isEmpty() || field.isEmpty() ? path + field : path + "." + field;
        JsonNode shown = value.isContainerNode() ? null : value;
        return switch (declaration.path("reason").asText("")) {
            case "FieldValueForbidden" -> FieldError.forbidden(at, detail);
            case "FieldValueRequired" -> FieldError.required(at, detail);
            case "FieldValueDuplicate" -> FieldError.duplicate(at, shown);
            default -> FieldError.invalid(at, shown, detail);
        };
    }

    /** A JSON path of fields, as an error writes it; empty when it names nothing in the schema. */
    static String fieldPath(String jsonPath, StructuralSchema schema) {
        StringBuilder path = new StringBuilder();
        StructuralSchema at = schema;
        String rest = jsonPath;
        while (!rest.isEmpty()) {
            boolean isBracket = rest.startsWith("['");
            int end = isBracket ? rest.indexOf("']") : nextDelimiter(rest);
            if (end < 0 || (!isBracket && !rest.startsWith("."))) {
                return "";
            }
            String name = isBracket ? rest.substring(2, end) : rest.substring(1, end);
            rest = rest.substring(isBracket ? end + 2 : end);
            StructuralSchema property = at.property(name);
            StructuralSchema next = property == null ? at.additionalProperties() : property;
            if (next == null) {
                return "";
            }
            path.append(property == null ? "[" + name + "]" : path.isEmpty() ? name : "." + name);
            at = next;
        }
        return path.toString();
    }

    private static int nextDelimiter(String path) {
        int end = 1;
        while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
            end++;
        }
        return end;
    }
}
