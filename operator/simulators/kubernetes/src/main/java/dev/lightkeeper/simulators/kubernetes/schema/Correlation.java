package dev.lightkeeper.simulators.kubernetes.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value and the value it replaces. What did not change is not complained about (KEP-4008); which parts of two objects
 * belong together is the schema's knowledge: fields by name, items of a list map by their keys, other items not at all.
 */
record Correlation(JsonNode value, JsonNode old, StructuralSchema schema) {
    @Nullable
    Correlation key(String name) {
        StructuralSchema child = schema.property(name);
        if (child == null) {
            child = schema.additionalProperties();
        }
        JsonNode newChild = value.get(name);
        JsonNode oldChild = old.get(name);
        return child == null || newChild == null || oldChild == null || !value.isObject() || !old.isObject()
                ? null
                : new Correlation(newChild, oldChild, child);
    }

    @Nullable
    Correlation index(int index) {
        StructuralSchema items = schema.items();
        JsonNode item = value.get(index);
        if (items == null || item == null || !old.isArray()) {
            return null;
        }
        JsonNode oldItem = itemWithKeysOf(item, old, schema);
        return oldItem == null ? null : new Correlation(item, oldItem, items);
    }

    boolean isUnchanged() {
        if (value.isArray() && old.isArray() && schema.listType().equals("map")) {
            return value.size() == old.size() && allUnchanged(indices());
        }
        if (value.isObject() && old.isObject()) {
            List<@Nullable Correlation> children = new ArrayList<>();
            value.fieldNames().forEachRemaining(name -> children.add(key(name)));
            return value.size() == old.size() && allUnchanged(children);
        }
        return same(value, old);
    }

    private List<@Nullable Correlation> indices() {
        List<@Nullable Correlation> children = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            children.add(index(i));
        }
        return children;
    }

    private static boolean allUnchanged(List<@Nullable Correlation> children) {
        return children.stream().allMatch(child -> child != null && child.isUnchanged());
    }

    /** The first item of a list map with the same keys; null when there is none or the list is no map. */
    static @Nullable JsonNode itemWithKeysOf(JsonNode item, @Nullable JsonNode list, StructuralSchema schema) {
        List<String> keys = schema.listMapKeys();
        if (list == null || !schema.listType().equals("map") || keys.isEmpty() || !hasScalars(item, keys)) {
            return null;
        }
        for (JsonNode candidate : list) {
            if (hasScalars(candidate, keys)
                    && keys.stream().allMatch(key -> same(candidate.path(key), item.path(key)))) {
                return candidate;
            }
        }
        return null;
    }

    private static boolean hasScalars(JsonNode item, List<String> keys) {
        return keys.stream().map(item::path).allMatch(key -> key.isValueNode() && !key.isNull());
    }

    /** Equality of what Go decodes: the width of a number in memory says nothing. */
    static boolean same(JsonNode a, JsonNode b) {
        return a.equals(BY_VALUE, b);
    }

    private static final Comparator<JsonNode> BY_VALUE = (a, b) -> {
        boolean alike = a.isNumber() && b.isNumber() && GoText.isLong(a) == GoText.isLong(b);
        return (alike ? GoText.number(a).equals(GoText.number(b)) : a.equals(b)) ? 0 : 1;
    };
}
