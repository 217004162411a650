package dev.lightkeeper.simulators.kubernetes.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One value against one schema. The order of the checks, what stops at the first error, and which alternative's errors
 * are told are kube-openapi's.
 */
final class ValueValidation {
    private static final Set<String> NUMBERS = Set.of("integer", "number");
    private static final double LARGEST_EXACT = 9007199254740991.0;

    private final JsonNode schema;
    private final @Nullable StructuralSchema structure;
    private final JsonNode value;
    private final @Nullable Correlation change;
    private final String path;
    private final ValueErrors errors;

    /** How well an alternative fits; decides which one's errors are told. */
    private int matches = 1;

    private ValueValidation(
            JsonNode schema,
            @Nullable StructuralSchema structure,
            JsonNode value,
            @Nullable Correlation change,
            String path) {
        this.schema = schema;
        this.structure = structure;
        this.value = value;
        this.change = change;
        this.path = path;
        this.errors = new ValueErrors(path);
    }

    /** @param prefix path of the value in its object; the messages name only what is below it */
    static List<FieldError> of(JsonNode value, @Nullable Correlation change, String prefix, StructuralSchema schema) {
        ValueValidation root = validate(schema.openApi(), schema, value, change, "");
        if (change != null && change.isUnchanged()) {
            return List.of();
        }
        return root.errors.below(prefix);
    }

    private static ValueValidation validate(
            JsonNode schema,
            @Nullable StructuralSchema structure,
            JsonNode value,
            @Nullable Correlation change,
            String path) {
        ValueValidation validation = new ValueValidation(schema, structure, value, change, path);
        validation.run();
        return validation;
    }

    private void run() {
        checkType();
        if (value.isNull()) {
            checkEnum();
            return;
        }
        checkAlternatives();
        if (value.isTextual()) {
            checkString(value.textValue());
            checkFormat(value.textValue());
        } else if (value.isNumber()) {
            checkNumber();
        } else if (value.isArray()) {
            checkItems();
        }
        checkEnum();
        if (value.isObject()) {
            checkFields();
        }
    }

    private List<String> types() {
        if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
            return List.of("integer", "string");
        }
        return schema.path("type").isTextual() ? List.of(schema.get("type").textValue()) : List.of();
    }

    /** The format; empty where kube-apiserver does not know it, or not for this type. */
    private String format() {
        String format = schema.path("format").asText("");
        List<String> types = types();
        boolean known = switch (types.size() == 1 ? types.getFirst() : "string") {
            case "string" -> StringFormats.isKnown(format);
            case "integer" -> format.equals("int32") || format.equals("int64");
            case "number" -> format.equals("float") || format.equals("double");
            default -> false;
        };
        return known ? format : "";
    }

    private void checkType() {
        List<String> types = types();
        String format = format();
        if (types.isEmpty() && format.isEmpty()) {
            return;
        }
        matches++;
        String names = String.join(",", types);
        if (value.isNull()) {
            if (!types.isEmpty() && !schema.path("nullable").asBoolean()) {
                errors.wrongType(names, "null");
            }
            return;
        }
        String type = typeOf(value);
        boolean isWholeFloat = type.equals("number") && types.contains("integer") && isWhole(value.doubleValue());
        boolean fits = types.contains(type) || isWholeFloat || (type.equals("integer") && types.contains("number"));
        boolean isTextOrList = value.isTextual() || value.isArray();
        String formatOfNumber = type.equals("integer") ? "int64" : type.equals("number") ? "float64" : "";
        if (!isTextOrList && !format.isEmpty() && !fits && !format.equals(formatOfNumber)) {
            errors.wrongType(format, formatOfNumber);
        } else if (isTextOrList && !format.isEmpty() && types.stream().noneMatch(NUMBERS::contains)) {
            matches++;
        } else if (!fits) {
            errors.wrongType(names, type);
        } else {
            matches++;
        }
    }

    private static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case BOOLEAN -> "boolean";
            case STRING, BINARY -> "string";
            case NUMBER -> GoText.isLong(value) ? "integer" : "number";
            case ARRAY -> "array";
            case OBJECT, POJO -> "object";
            case NULL, MISSING -> "null";
        };
    }

    private static boolean isWhole(double number) {
        double rounded = Math.rint(number);
        return Math.abs(number) <= LARGEST_EXACT
                && (rounded == number || Math.abs(number - rounded) < 1e-9 * Math.abs(rounded));
    }

    private void checkAlternatives() {
        matches++;
        if (schema.has("anyOf")) {
            List<ValueValidation> tried = alternatives("anyOf");
            Optional<ValueValidation> fitting =
                    tried.stream().filter(ValueValidation::isValid).findFirst();
            if (fitting.isEmpty()) {
                errors.composite(GoText.quote(path) + " must validate at least one schema (anyOf)");
            }
            merge(fitting.orElseGet(() -> best(tried)));
        }
        if (schema.has("oneOf")) {
            List<ValueValidation> tried = alternatives("oneOf");
            List<ValueValidation> fitting =
                    tried.stream().filter(ValueValidation::isValid).toList();
            if (fitting.size() != 1) {
                String found =
                        fitting.isEmpty() ? "Found none valid" : "Found " + fitting.size() + " valid alternatives";
                errors.composite(GoText.quote(path) + " must validate one and only one schema (oneOf). " + found);
            }
            if (fitting.size() <= 1) {
                merge(fitting.isEmpty() ? best(tried) : fitting.getFirst());
            }
        }
        if (schema.has("allOf")) {
            List<ValueValidation> tried = alternatives("allOf");
            tried.forEach(this::merge);
            if (!tried.stream().allMatch(ValueValidation::isValid)) {
                String none = tried.stream().noneMatch(ValueValidation::isValid) ? ". None validated" : "";
                errors.composite(GoText.quote(path) + " must validate all the schemas (allOf)" + none);
            }
        }
        if (schema.has("not") && alternative(schema.get("not")).isValid()) {
            errors.composite(GoText.quote(path) + " must not validate the schema (not)");
        }
        matches++;
    }

    private List<ValueValidation> alternatives(String keyword) {
        List<ValueValidation> all = new ArrayList<>();
        schema.get(keyword).forEach(alternative -> all.add(alternative(alternative)));
        return all;
    }

    /** Without what changed: kube-apiserver ratchets nothing inside an alternative. */
    private ValueValidation alternative(JsonNode alternative) {
        return validate(alternative, structure, value, null, path);
    }

    private static ValueValidation best(List<ValueValidation> tried) {
        return tried.stream()
                .reduce((best, next) -> next.matches > best.matches ? next : best)
                .orElseThrow();
    }

    private boolean isValid() {
        return errors.isEmpty();
    }

    private void checkString(String text) {
        matches++;
        long length = text.codePointCount(0, text.length());
        String pattern = schema.path("pattern").asText("");
        if (schema.has("maxLength") && length > limit("maxLength")) {
            long max = limit("maxLength");
            errors.add(
                    errors.inBody("should be at most " + max + " chars long"), field -> FieldError.tooLong(field, max));
        } else if (schema.has("minLength") && length < limit("minLength")) {
            errors.invalid(value, "should be at least " + limit("minLength") + " chars long");
        } else if (!pattern.isEmpty()) {
            checkPattern(text, pattern);
        }
    }

    private void checkPattern(String text, String pattern) {
        try {
            if (!Pattern.compile(pattern).matcher(text).find()) {
                errors.invalid(value, "should match '" + pattern + "'");
            }
        } catch (PatternSyntaxException e) {
            errors.invalid(value, "should match '" + pattern + ", but pattern is invalid: " + e.getMessage() + "'");
        }
    }

    private void checkFormat(String text) {
        String format = format();
        if (StringFormats.isKnown(format)) {
            matches++;
            if (!StringFormats.matches(format, text)) {
                errors.wrongType(format, text);
            }
        }
    }

    private void checkNumber() {
        matches += 2;
        List<String> types = types();
        String type = types.size() == 1 && !types.getFirst().equals("string") ? types.getFirst() : "";
        String format = type.isEmpty() ? "" : format();
        checkRange("Checked", value, type, format);
        boolean isLong = GoText.isLong(value);
        if (schema.has("multipleOf")) {
            JsonNode factor = bound("multipleOf", isLong);
            checkRange("MultipleOf", schema.get("multipleOf"), type, format);
            if (factor.doubleValue() <= 0) {
                String message =
                        "factor MultipleOf declared for " + path + " must be positive: " + GoText.number(factor);
                errors.add(message, field -> FieldError.invalid(field, factor, message));
            } else if (!isMultiple(factor)) {
                errors.invalid(value, "should be a multiple of " + GoText.number(factor));
            }
        }
        if (schema.has("minimum")) {
            JsonNode minimum = bound("minimum", isLong);
            checkRange("Minimum boundary", schema.get("minimum"), type, format);
            int order = compare(value, minimum);
            boolean isExclusive = schema.path("exclusiveMinimum").asBoolean();
            if (order < 0 || (order == 0 && isExclusive)) {
                String words = isExclusive ? "should be greater than " : "should be greater than or equal to ";
                errors.invalid(value, words + GoText.number(minimum));
            }
        }
        if (schema.has("maximum")) {
            JsonNode maximum = bound("maximum", isLong);
            checkRange("Maximum boundary", schema.get("maximum"), type, format);
            int order = compare(value, maximum);
            boolean isExclusive = schema.path("exclusiveMaximum").asBoolean();
            if (order > 0 || (order == 0 && isExclusive)) {
                String words = isExclusive ? "should be less than " : "should be less than or equal to ";
                errors.invalid(value, words + GoText.number(maximum));
            }
        }
    }

    /** A whole number is compared with the whole part of the bound, as kube-openapi does it. */
    private JsonNode bound(String keyword, boolean asLong) {
        JsonNode bound = schema.get(keyword);
        return asLong ? LongNode.valueOf(bound.longValue()) : DoubleNode.valueOf(bound.doubleValue());
    }

    private static int compare(JsonNode a, JsonNode b) {
        return GoText.isLong(a)
                ? Long.compare(a.longValue(), b.longValue())
                : Double.compare(a.doubleValue(), b.doubleValue());
    }

    private boolean isMultiple(JsonNode factor) {
        if (GoText.isLong(value)) {
            return value.longValue() % factor.longValue() == 0;
        }
        double by = factor.doubleValue();
        return isWhole(by < 1 ? 1 / by * value.doubleValue() : value.doubleValue() / by);
    }

    private void checkRange(String what, JsonNode number, String type, String format) {
        boolean isWhole = number.isIntegralNumber() || isWhole(number.doubleValue());
        boolean fits = switch (type) {
            case "integer" ->
                isWhole
                        && (!format.equals("int32") || number.longValue() == number.intValue())
                        && (GoText.isLong(number) || isWhole(number.doubleValue()));
            default -> !format.equals("float") || Math.abs(number.doubleValue()) <= Float.MAX_VALUE;
        };
        if (!fits) {
            String suffix = format.isEmpty() ? " (default format)" : " with format " + format;
            errors.composite(what + " value must be of type " + type + suffix + " in " + path);
        }
    }

    private void checkItems() {
        matches += 2;
        StructuralSchema items = structure == null ? null : structure.items();
        JsonNode itemSchema = schema.path("items");
        for (int i = 0; i < value.size() && itemSchema.isObject(); i++) {
            child(itemSchema, items, value.get(i), change == null ? null : change.index(i), path + "[" + i + "]");
        }
        int size = value.size();
        if (schema.has("minItems") && size < limit("minItems")) {
            errors.invalid(LongNode.valueOf(size), "should have at least " + limit("minItems") + " items");
        }
        if (schema.has("maxItems") && size > limit("maxItems")) {
            long max = limit("maxItems");
            errors.add(
                    errors.inBody("should have at most " + max + " items"),
                    field -> FieldError.tooMany(field, size, max));
        }
        if (schema.path("uniqueItems").asBoolean()) {
            Set<String> seen = new HashSet<>();
            for (JsonNode item : value) {
                if (!seen.add(GoText.json(item))) {
                    errors.invalid(TextNode.valueOf(""), "shouldn't contain duplicates");
                }
            }
        }
    }

    private void checkFields() {
        matches++;
        int size = value.size();
        if (schema.has("minProperties") && size < limit("minProperties")) {
            errors.invalid(LongNode.valueOf(size), "should have at least " + limit("minProperties") + " properties");
        }
        if (schema.has("maxProperties") && size > limit("maxProperties")) {
            long max = limit("maxProperties");
            errors.add(
                    errors.inBody("should have at most " + max + " properties"),
                    field -> FieldError.tooMany(field, size, max));
        }
        JsonNode fields = schema.path("properties");
        JsonNode others = schema.path("additionalProperties");
        value.properties().forEach(field -> {
            if (others.isObject() && !fields.has(field.getKey())) {
                field(others, field.getKey(), field.getValue(), path + "." + field.getKey());
            } else if (others.isBoolean() && !others.booleanValue() && !fields.has(field.getKey())) {
                String message = path + "." + field.getKey() + " in body is a forbidden property";
                errors.add(message, at -> FieldError.invalid(at, field.getKey(), message));
            }
        });
        fields.properties().forEach(field -> {
            JsonNode child = value.get(field.getKey());
            if (child != null) {
                field(
                        field.getValue(),
                        field.getKey(),
                        child,
                        path.isEmpty() ? field.getKey() : path + "." + field.getKey());
            }
        });
        schema.path("required").forEach(name -> {
            if (!value.has(name.asText())) {
                errors.required(path + "." + name.asText());
            }
        });
    }

    private void field(JsonNode childSchema, String name, JsonNode child, String childPath) {
        StructuralSchema property = structure == null ? null : structure.property(name);
        if (property == null && structure != null) {
            property = structure.additionalProperties();
        }
        // What the server itself converts cannot be recognised as unchanged.
        boolean isType = path.isEmpty() && (name.equals("kind") || name.equals("apiVersion"));
        child(childSchema, property, child, change == null || isType ? null : change.key(name), childPath);
    }

    private void child(
            JsonNode childSchema,
            @Nullable StructuralSchema childStructure,
            JsonNode child,
            @Nullable Correlation childChange,
            String childPath) {
        ValueValidation validation = validate(childSchema, childStructure, child, childChange, childPath);
        matches += validation.matches;
        if (!validation.isValid() && (childChange == null || !childChange.isUnchanged())) {
            errors.addAll(validation.errors);
        }
    }

    private void merge(ValueValidation other) {
        matches += other.matches;
        errors.addAll(other.errors);
    }

    private void checkEnum() {
        matches++;
        JsonNode allowed = schema.path("enum");
        if (!allowed.isEmpty()) {
            List<String> words = new ArrayList<>();
            for (JsonNode word : allowed) {
                boolean areNumbers = word.isNumber() && value.isNumber();
                if (areNumbers ? word.doubleValue() == value.doubleValue() : word.equals(value) && !value.isNull()) {
                    return;
                }
                words.add(word.isTextual() ? word.textValue() : GoText.json(word));
            }
            errors.add(
                    errors.inBody("should be one of " + words), field -> FieldError.notSupported(field, value, words));
        }
    }

    private long limit(String keyword) {
        return schema.get(keyword).longValue();
    }
}
