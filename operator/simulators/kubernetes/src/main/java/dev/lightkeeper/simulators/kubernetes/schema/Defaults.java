package dev.lightkeeper.simulators.kubernetes.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Defaults, and the nulls that stand in their way. */
final class Defaults {
    private Defaults() {}

    /** Removes nulls that are neither allowed nor replaced by a default; those with a default are left to it. */
    static void dropForbiddenNulls(JsonNode value, @Nullable StructuralSchema schema) {
        if (schema == null) {
            return;
        }
        if (value instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : List.copyOf(object.properties())) {
                StructuralSchema child = childOf(schema, field.getKey());
                if (isForbiddenNull(field.getValue(), child) && defaultOf(child) == null) {
                    object.remove(field.getKey());
                } else {
                    dropForbiddenNulls(field.getValue(), child);
                }
            }
        } else if (value.isArray()) {
            value.forEach(item -> dropForbiddenNulls(item, schema.items()));
        }
    }

    static void fillIn(JsonNode value, @Nullable StructuralSchema schema) {
        if (schema == null) {
            return;
        }
        if (value instanceof ObjectNode object) {
            schema.properties().forEach((name, property) -> {
                JsonNode standard = defaultOf(property);
                if (standard != null && (!object.has(name) || isForbiddenNull(object.get(name), property))) {
                    object.set(name, standard.deepCopy());
                }
            });
            for (Map.Entry<String, JsonNode> field : List.copyOf(object.properties())) {
                StructuralSchema child = childOf(schema, field.getKey());
                JsonNode standard = defaultOf(child);
                if (standard != null && isForbiddenNull(field.getValue(), child)) {
                    object.set(field.getKey(), standard.deepCopy());
                }
                fillIn(object.get(field.getKey()), child);
            }
        } else if (value instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                JsonNode standard = defaultOf(schema.items());
                if (standard != null && isForbiddenNull(list.get(i), schema.items())) {
                    list.set(i, standard.deepCopy());
                }
                fillIn(list.get(i), schema.items());
            }
        }
    }

    static @Nullable JsonNode defaultOf(@Nullable StructuralSchema schema) {
        JsonNode standard = schema == null ? null : schema.openApi().get("default");
        return standard == null || standard.isNull() ? null : standard;
    }

    private static @Nullable StructuralSchema childOf(StructuralSchema schema, String name) {
        StructuralSchema property = schema.property(name);
        return property == null ? schema.additionalProperties() : property;
    }

    private static boolean isForbiddenNull(JsonNode value, @Nullable StructuralSchema schema) {
        return value.isNull() && schema != null && !schema.isNullable();
    }
}
