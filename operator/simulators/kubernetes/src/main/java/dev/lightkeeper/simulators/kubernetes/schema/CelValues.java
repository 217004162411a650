package dev.lightkeeper.simulators.kubernetes.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** JSON as the values that rules compute with, and the equality and sums that list types ask for. */
final class CelValues {
    private CelValues() {}

    /** A list whose type says how it compares and adds; {@code keys} is empty for a set. */
    static final class TypedList extends AbstractList<Object> {
        private final List<Object> items;
        private final List<String> keys;

        private TypedList(List<Object> items, List<String> keys) {
            this.items = items;
            this.keys = keys;
        }

        @Override
        public Object get(int index) {
            return items.get(index);
        }

        @Override
        public int size() {
            return items.size();
        }

        private boolean corresponds(Object a, Object b) {
            if (keys.isEmpty()) {
                return areEqual(a, b);
            }
            return a instanceof Map<?, ?> left
                    && b instanceof Map<?, ?> right
                    && keys.stream().allMatch(key -> areEqual(left.get(key), right.get(key)));
        }
    }

    static Object of(JsonNode value, @Nullable StructuralSchema schema, boolean isResource) {
        if (value.isNull()) {
            return NullValue.NULL_VALUE;
        }
        if (schema == null) {
            return value;
        }
        if (schema.isIntOrString()) {
            return value.isTextual() ? value.textValue() : value.longValue();
        }
        return switch (schema.type()) {
            case "array" -> list(value, schema);
            case "object" -> object(value, schema, isResource);
            case "string" ->
                string(value.asText(), schema.openApi().path("format").asText(""));
            case "number" -> value.doubleValue();
            case "integer" -> value.longValue();
            case "boolean" -> value.booleanValue();
            default -> isResource ? object(value, schema, true) : value;
        };
    }

    private static Object list(JsonNode value, StructuralSchema schema) {
        StructuralSchema itemSchema = schema.items();
        boolean isResource = itemSchema != null && itemSchema.isEmbeddedResource();
        List<Object> items = new ArrayList<>();
        value.forEach(item -> items.add(of(item, itemSchema, isResource)));
        return switch (schema.listType()) {
            case "set" -> new TypedList(items, List.of());
            case "map" ->
                new TypedList(
                        items,
                        schema.listMapKeys().stream()
                                .map(key -> Objects.requireNonNullElse(CelTypes.escape(key), key))
                                .toList());
            default -> items;
        };
    }

    private static Object object(JsonNode value, StructuralSchema schema, boolean isResource) {
        Map<String, Object> fields = new LinkedHashMap<>();
        StructuralSchema values = schema.additionalProperties();
        value.properties().forEach(field -> {
            String name = field.getKey();
            JsonNode child = field.getValue();
            StructuralSchema property = schema.property(name);
            if (isResource && name.equals("metadata")) {
                fields.put(name, metadata(child));
            } else if (isResource && (name.equals("apiVersion") || name.equals("kind"))) {
                fields.put(name, child.asText());
            } else if (property != null && !child.isNull()) {
                String escaped = CelTypes.escape(name);
                fields.put(escaped == null ? name : escaped, of(child, property, property.isEmbeddedResource()));
            } else if (property == null && values != null) {
                fields.put(name, of(child, values, values.isEmbeddedResource()));
            } else if (!child.isNull()) {
                fields.put(name, child);
            }
        });
        return fields;
    }

    private static Map<String, Object> metadata(JsonNode metadata) {
        Map<String, Object> names = new LinkedHashMap<>();
        for (String field : List.of("name", "generateName")) {
            if (metadata.has(field)) {
                names.put(field, metadata.get(field).asText());
            }
        }
        return names;
    }

    private static Object string(String text, String format) {
        if (!StringFormats.matches(format, text)) {
            return text;
        }
        return switch (format) {
            case "byte" -> CelByteString.of(Base64.getDecoder().decode(text));
            case "duration" -> StringFormats.duration(text).orElse(Duration.ZERO);
            case "date" -> LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
            case "date-time" ->
                OffsetDateTime.parse(text.toUpperCase(Locale.ROOT)).toInstant();
            default -> text;
        };
    }

    /** CEL's {@code ==}; sets and list maps compare without order. */
    static boolean areEqual(@Nullable Object a, @Nullable Object b) {
        if (a instanceof Number left && b instanceof Number right) {
            return compare(left, right) == 0;
        }
        if (a instanceof Map<?, ?> left && b instanceof Map<?, ?> right) {
            return left.size() == right.size()
                    && left.entrySet().stream()
                            .allMatch(entry -> right.containsKey(entry.getKey())
                                    && areEqual(entry.getValue(), right.get(entry.getKey())));
        }
        if (a instanceof TypedList left && b instanceof List<?> right) {
            return left.size() == right.size()
                    && left.stream().allMatch(item -> right.stream().anyMatch(other -> areEqual(item, other)));
        }
        if (a instanceof List<?> left && b instanceof List<?> right) {
            boolean equal = left.size() == right.size();
            for (int i = 0; equal && i < left.size(); i++) {
                equal = areEqual(left.get(i), right.get(i));
            }
            return equal;
        }
        if (a instanceof JsonNode left && b instanceof JsonNode right) {
            return Correlation.same(left, right);
        }
        return Objects.equals(a, b);
    }

    /** Numbers across types, and everything else that is ordered. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    static int compare(Object a, Object b) {
        if (a instanceof Double || b instanceof Double) {
            double left = ((Number) a).doubleValue();
            double right = ((Number) b).doubleValue();
            boolean isFinite = Double.isFinite(left) && Double.isFinite(right);
            return isFinite ? decimal(a).compareTo(decimal(b)) : Double.compare(left, right);
        }
        return a instanceof Number ? decimal(a).compareTo(decimal(b)) : ((Comparable) a).compareTo(b);
    }

    private static BigDecimal decimal(Object number) {
        return number instanceof Double real ? new BigDecimal(real) : new BigDecimal(number.toString());
    }

    /** {@code +}: a union for sets, a merge by key for list maps; {@code a} keeps its positions. */
    static List<Object> sum(TypedList a, List<?> b) {
        List<Object> sum = new ArrayList<>(a);
        for (Object item : b) {
            int known = -1;
            for (int i = 0; i < sum.size() && known < 0; i++) {
                known = a.corresponds(sum.get(i), item) ? i : -1;
            }
            if (known < 0) {
                sum.add(item);
            } else if (!a.keys.isEmpty()) {
                sum.set(known, item);
            }
        }
        return new TypedList(sum, a.keys);
    }

    /** What {@code %s} and {@code string()} make of a value. */
    static String text(Object value, boolean isNested) {
        return switch (value) {
            case String text -> isNested ? GoText.quote(text) : text;
            case Double number -> GoText.number(number);
            case List<?> list ->
                "["
                        + String.join(
                                ", ",
                                list.stream().map(item -> text(item, true)).toList()) + "]";
            case Map<?, ?> map ->
                "{"
                        + String.join(
                                ", ",
                                map.entrySet().stream()
                                        .map(entry -> text(entry.getKey(), true) + ":" + text(entry.getValue(), true))
                                        .sorted()
                                        .toList())
                        + "}";
            case Duration duration -> seconds(duration);
            case Instant instant -> instant.toString();
            case NullValue _ -> "null";
            default -> value.toString();
        };
    }

    private static String seconds(Duration duration) {
        BigDecimal nanos = BigDecimal.valueOf(duration.getNano(), 9);
        BigDecimal seconds = BigDecimal.valueOf(duration.getSeconds()).add(nanos);
        return (seconds.signum() == 0 ? "0" : seconds.stripTrailingZeros().toPlainString()) + "s";
    }
}
