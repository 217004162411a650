package dev.lightkeeper.simulators.kubernetes.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Merges what somebody applies into an object, and takes fields out of one. */
final class Merge {
    private Merge() {}

    /** Nothing is removed by it; where both have a leaf, the applied one is taken. */
    static ObjectNode of(ObjectNode live, ObjectNode applied, FieldType type) {
        return merge(type, live, applied) instanceof ObjectNode merged ? merged : JsonNodeFactory.instance.objectNode();
    }

    private static @Nullable JsonNode merge(FieldType type, @Nullable JsonNode live, @Nullable JsonNode applied) {
        JsonNode taken = applied == null ? live : applied;
        return switch (type.shape(taken)) {
            case SCALAR -> taken;
            case MAP -> {
                Set<String> names = new LinkedHashSet<>(Comparison.fields(live));
                names.addAll(Comparison.fields(applied));
                if (type.isLeaf(FieldType.Shape.MAP) || names.isEmpty()) {
                    yield taken;
                }
                ObjectNode merged = JsonNodeFactory.instance.objectNode();
                for (String name : names) {
                    JsonNode value = merge(
                            Comparison.typeOf(type, name),
                            Comparison.child(live, name),
                            Comparison.child(applied, name));
                    if (value != null) {
                        merged.set(name, value);
                    }
                }
                yield merged.isEmpty() ? null : merged;
            }
            case LIST -> {
                List<JsonNode> liveItems = Comparison.items(live);
                List<JsonNode> appliedItems = Comparison.items(applied);
                if (type.isLeaf(FieldType.Shape.LIST) || (liveItems.isEmpty() && appliedItems.isEmpty())) {
                    yield taken;
                }
                ArrayNode merged = mergeItems(type, liveItems, appliedItems);
                yield merged.isEmpty() ? null : merged;
            }
        };
    }

    /**
     * Items that both lists have come in the order of the applied list, and all others as close as they can to where
     * they were.
     */
    private static ArrayNode mergeItems(FieldType type, List<JsonNode> liveItems, List<JsonNode> appliedItems) {
        SortedMap<PathElement, JsonNode> applied = new TreeMap<>();
        List<PathElement> appliedOrder = new ArrayList<>();
        for (JsonNode item : appliedItems) {
            PathElement element = type.element(item);
            applied.put(element, item);
            appliedOrder.add(element);
        }
        SortedMap<PathElement, JsonNode> live = new TreeMap<>();
        List<PathElement> liveOrder = new ArrayList<>();
        for (JsonNode item : liveItems) {
            PathElement element = type.element(item);
            // One that is there several times is not merged with.
            live.merge(element, item, (_, _) -> NullNode.getInstance());
            liveOrder.add(element);
        }
        Deque<PathElement> shared = new ArrayDeque<>(appliedOrder);
        shared.removeIf(element -> !live.containsKey(element));
        Set<PathElement> done = new TreeSet<>();
        ArrayNode merged = JsonNodeFactory.instance.arrayNode();
        int fromLive = 0;
        int fromApplied = 0;
        while (fromLive < liveOrder.size() || fromApplied < appliedOrder.size()) {
            if (fromLive < liveOrder.size()) {
                PathElement element = liveOrder.get(fromLive);
                boolean appliedLeft = fromApplied < appliedOrder.size();
                boolean meets = appliedLeft && same(element, appliedOrder.get(fromApplied));
                boolean outOfTurn = appliedLeft
                        && applied.containsKey(element)
                        && !shared.isEmpty()
                        && !same(element, shared.peek());
                if (!meets && outOfTurn) {
                    fromLive++;
                    continue;
                }
                if (!applied.containsKey(element)) {
                    add(merged, merge(type.items(), liveItems.get(fromLive), null));
                    fromLive++;
                    continue;
                }
                if (meets || done.contains(element)) {
                    fromLive++;
                }
            }
            if (fromApplied < appliedOrder.size()) {
                PathElement element = appliedOrder.get(fromApplied++);
                done.add(element);
                add(merged, merge(type.items(), live.get(element), applied.get(element)));
                if (!shared.isEmpty() && same(element, shared.peek())) {
                    shared.remove();
                }
            }
        }
        return merged;
    }

    private static boolean same(PathElement left, @Nullable PathElement right) {
        return right != null && left.compareTo(right) == 0;
    }

    private static void add(ArrayNode list, @Nullable JsonNode item) {
        if (item != null) {
            list.add(item);
        }
    }

    /** A container of which nothing is left becomes null. */
    static JsonNode without(JsonNode value, FieldSet removed, @Nullable FieldType declared) {
        FieldType type = declared == null ? FieldType.DEDUCED : declared;
        return switch (type.shape(value)) {
            case SCALAR -> value;
            case MAP -> {
                ObjectNode kept = JsonNodeFactory.instance.objectNode();
                if (value instanceof ObjectNode object && !type.isLeaf(FieldType.Shape.MAP)) {
                    for (Map.Entry<String, JsonNode> field : object.properties()) {
                        PathElement element = new PathElement.Field(field.getKey());
                        if (!removed.has(element)) {
                            kept.set(field.getKey(), without(field.getValue(), removed, element, type));
                        }
                    }
                }
                yield kept.isEmpty() ? NullNode.getInstance() : kept;
            }
            case LIST -> {
                ArrayNode kept = JsonNodeFactory.instance.arrayNode();
                if (value instanceof ArrayNode list && !type.isLeaf(FieldType.Shape.LIST)) {
                    for (JsonNode item : list) {
                        PathElement element = type.element(item);
                        if (!removed.has(element)) {
                            kept.add(without(item, removed, element, type));
                        }
                    }
                }
                yield kept.isEmpty() ? NullNode.getInstance() : kept;
            }
        };
    }

    private static JsonNode without(JsonNode child, FieldSet removed, PathElement element, FieldType parent) {
        FieldSet deeper = removed.below(element);
        return deeper.hasNothingBelow() ? child : without(child, deeper, parent.at(element));
    }
}
