package dev.lightkeeper.simulators.kubernetes.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Strategic merge patch. Both the object and the patch are used up. */
final class StrategicMerge {
    private static final String DIRECTIVE = "$patch";
    private static final String RETAIN_KEYS = "$retainKeys";
    private static final String ORDER = "$setElementOrder/";
    private static final String DELETIONS = "$deleteFromPrimitiveList/";

    private StrategicMerge() {}

    static ObjectNode merge(ObjectNode original, ObjectNode patch, JsonNode schema) throws PatchFailure {
        if (patch.has(DIRECTIVE)) {
            return switch (patch.get(DIRECTIVE).asText()) {
                case "replace" -> patch.without(DIRECTIVE);
                case "delete" -> JsonNodeFactory.instance.objectNode();
                default -> throw unknownDirective(patch);
            };
        }
        retainKeys(original, patch);
        for (Map.Entry<String, JsonNode> change : List.copyOf(patch.properties())) {
            if (change.getKey().startsWith(ORDER)) {
                patch.remove(change.getKey());
                mergeInOrder(
                        original, patch, change.getKey().substring(ORDER.length()), list(change.getValue()), schema);
            }
        }
        for (Map.Entry<String, JsonNode> change : patch.properties()) {
            String key = change.getKey();
            if (key.startsWith(DELETIONS)) {
                if (original.get(key.substring(DELETIONS.length())) instanceof ArrayNode from
                        && change.getValue() instanceof ArrayNode deletions) {
                    original.set(key.substring(DELETIONS.length()), without(from, deletions));
                }
            } else {
                mergeField(original, key, change.getValue(), field(schema, key));
            }
        }
        return original;
    }

    private static void mergeField(ObjectNode original, String key, JsonNode value, JsonNode schema)
            throws PatchFailure {
        JsonNode before = original.path(key);
        if (value.isNull()) {
            original.remove(key);
        } else if (before instanceof ObjectNode object && value instanceof ObjectNode deeper) {
            original.set(key, strategy(schema).equals("replace") ? deeper : merge(object, deeper, schema));
        } else if (before instanceof ArrayNode items && value instanceof ArrayNode patch) {
            original.set(key, mergeList(items, patch, schema));
        } else {
            JsonNode taken = withoutDirectives(Patches.withoutNullFields(value));
            if (taken == null) {
                original.remove(key);
            } else {
                original.set(key, taken);
            }
        }
    }

    private static void retainKeys(ObjectNode original, ObjectNode patch) throws PatchFailure {
        JsonNode retained = patch.remove(RETAIN_KEYS);
        if (retained == null) {
            return;
        }
        List<String> keys = StreamSupport.stream(retained.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
        boolean unlisted = patch.properties().stream()
                .anyMatch(change -> !change.getValue().isNull()
                        && !change.getKey().startsWith(DELETIONS)
                        && !change.getKey().startsWith(ORDER)
                        && !keys.contains(change.getKey()));
        if (!retained.isArray() || unlisted) {
            throw new PatchFailure(400, "invalid patch format of retainKeys");
        }
        original.retain(keys);
    }

    private static void mergeInOrder(
            ObjectNode original, ObjectNode patch, String key, ArrayNode order, JsonNode parent) throws PatchFailure {
        JsonNode schema = field(parent, key);
        String mergeKey = mergeKey(schema);
        JsonNode before = original.path(key);
        JsonNode changes = patch.path(key);
        if (before.isMissingNode() && changes.isMissingNode()) {
            return;
        }
        if (changes instanceof ArrayNode items) {
            refuseOtherOrder(items, order, mergeKey);
        }
        ArrayNode merged;
        if (changes.isMissingNode()) {
            merged = list(before);
        } else if (before.isMissingNode()) {
            merged = list(withoutDirectives(changes));
        } else {
            merged = mergeList(list(before).deepCopy(), list(changes), schema);
        }
        original.set(key, ordered(merged, order, before.isMissingNode() ? emptyList() : list(before), mergeKey));
        patch.remove(key);
    }

    // The items of the patch have to come in the order that the patch asks for.
    private static void refuseOtherOrder(ArrayNode items, ArrayNode order, String mergeKey) throws PatchFailure {
        int next = 0;
        for (JsonNode item : items) {
            if (item.has(DIRECTIVE) || order.isEmpty()) {
                continue;
            }
            while (next < order.size() && !sameItem(order.get(next), item, mergeKey)) {
                next++;
            }
            if (next++ >= order.size()) {
                throw new PatchFailure(
                        500,
                        "The order in patch list:\n%s\n doesn't match $setElementOrder list:\n%s\n"
                                .formatted(GoText.of(items), GoText.of(order)));
            }
        }
    }

    private static ArrayNode mergeList(ArrayNode original, ArrayNode patch, JsonNode schema) throws PatchFailure {
        if (!strategy(schema).equals("merge")) {
            return patch;
        }
        if (original.isEmpty() && patch.isEmpty()) {
            return original;
        }
        String mergeKey = mergeKey(schema);
        ArrayNode serverOrder = original.deepCopy();
        ArrayNode changes = patch;
        ArrayNode merged = original;
        if (!(original.isEmpty() ? patch : original).get(0).isObject()) {
            for (JsonNode item : patch) {
                if (position(merged, item, "") < 0) {
                    merged.add(item);
                }
            }
        } else {
            changes = applyDirectives(merged, patch, mergeKey);
            for (JsonNode item : changes) {
                int existing = position(merged, item, mergeKey);
                if (existing < 0) {
                    merged.add(item);
                } else {
                    merged.set(
                            existing,
                            merge((ObjectNode) merged.get(existing), (ObjectNode) item, schema.path("items")));
                }
            }
        }
        return ordered(merged, changes, serverOrder, mergeKey);
    }

    // Deletes in the list what the patch wants deleted, and returns the items of the patch that are no directives.
    private static ArrayNode applyDirectives(ArrayNode list, ArrayNode patch, String mergeKey) throws PatchFailure {
        ArrayNode plain = emptyList();
        boolean replace = false;
        for (JsonNode item : patch) {
            switch (item.path(DIRECTIVE).asText()) {
                case "" -> {
                    requireKey(item, mergeKey);
                    plain.add(item);
                }
                case "delete" -> {
                    requireKey(item, mergeKey);
                    for (int at = position(list, item, mergeKey); at >= 0; at = position(list, item, mergeKey)) {
                        list.remove(at);
                    }
                }
                case "replace" -> replace = true;
                case "merge" -> throw new PatchFailure(500, "merging lists cannot yet be specified in the patch");
                default -> throw unknownDirective(item);
            }
        }
        if (replace) {
            list.removeAll();
        }
        return plain;
    }

    /**
     * The items that the patch names come in its order, all others keep theirs; where both lists know an item, the live
     * list decides which of the two comes first.
     */
    private static ArrayNode ordered(ArrayNode merged, ArrayNode order, ArrayNode live, String mergeKey) {
        List<JsonNode> named = new ArrayList<>();
        List<JsonNode> others = new ArrayList<>();
        merged.forEach(item -> (position(order, item, mergeKey) < 0 ? others : named).add(item));
        named.sort(Comparator.comparingInt(item -> position(order, item, mergeKey)));
        ArrayNode result = emptyList();
        int next = 0;
        for (JsonNode item : named) {
            int place = position(live, item, mergeKey);
            while (next < others.size() && isBetween(0, position(live, others.get(next), mergeKey), place)) {
                result.add(others.get(next++));
            }
            result.add(item);
        }
        return result.addAll(others.subList(next, others.size()));
    }

    private static boolean isBetween(int from, int value, int below) {
        return value >= from && value < below;
    }

    private static ArrayNode without(ArrayNode list, ArrayNode deletions) {
        ArrayNode kept = emptyList();
        list.forEach(item -> {
            if (position(deletions, item, "") < 0) {
                kept.add(item);
            }
        });
        return kept;
    }

    private static int position(ArrayNode list, JsonNode item, String mergeKey) {
        for (int i = 0; i < list.size(); i++) {
            if (sameItem(list.get(i), item, mergeKey)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean sameItem(JsonNode left, JsonNode right, String mergeKey) {
        JsonNode leftKey = mergeKey.isEmpty() ? left : left.path(mergeKey);
        JsonNode rightKey = mergeKey.isEmpty() ? right : right.path(mergeKey);
        return leftKey.getNodeType() == rightKey.getNodeType()
                && leftKey.asText().equals(rightKey.asText());
    }

    private static @Nullable JsonNode withoutDirectives(JsonNode value) {
        if (value.has(DIRECTIVE)) {
            return null;
        }
        if (value instanceof ObjectNode object) {
            object.properties().removeIf(field -> withoutDirectives(field.getValue()) == null);
        } else if (value instanceof ArrayNode list) {
            ArrayNode kept = emptyList();
            list.forEach(item -> {
                if (withoutDirectives(item) != null) {
                    kept.add(item);
                }
            });
            list.removeAll().addAll(kept);
        }
        return value;
    }

    private static JsonNode field(JsonNode schema, String key) {
        JsonNode property = schema.path("properties").path(key);
        return property.isMissingNode() && schema.path("additionalProperties").isObject()
                ? schema.get("additionalProperties")
                : property;
    }

    private static String strategy(JsonNode schema) {
        return schema.path("x-kubernetes-patch-strategy")
                .asText("")
                .replace("retainKeys", "")
                .replace(",", "");
    }

    private static String mergeKey(JsonNode schema) {
        return schema.path("x-kubernetes-patch-merge-key").asText("");
    }

    private static ArrayNode list(@Nullable JsonNode value) throws PatchFailure {
        if (value instanceof ArrayNode list) {
            return list;
        }
        throw new PatchFailure(400, "invalid patch format of setElementOrder list");
    }

    private static ArrayNode emptyList() {
        return JsonNodeFactory.instance.arrayNode();
    }

    private static void requireKey(JsonNode item, String mergeKey) throws PatchFailure {
        if (!item.has(mergeKey)) {
            throw new PatchFailure(
                    500, "map: %s does not contain declared merge key: %s".formatted(GoText.of(item), mergeKey));
        }
    }

    private static PatchFailure unknownDirective(JsonNode map) {
        return new PatchFailure(
                500,
                "unknown patch type: %s in map: %s"
                        .formatted(map.path(DIRECTIVE).asText(), GoText.of(map)));
    }
}
