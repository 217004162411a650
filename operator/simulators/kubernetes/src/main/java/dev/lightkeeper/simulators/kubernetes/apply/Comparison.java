package dev.lightkeeper.simulators.kubernetes.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What differs between two objects: fields, items of sets and of list-maps, and whole atomic values. */
record Comparison(FieldSet added, FieldSet modified, FieldSet removed) {

    static Comparison of(ObjectNode before, ObjectNode after, FieldType type) {
        Comparison comparison = new Comparison(FieldSet.empty(), FieldSet.empty(), FieldSet.empty());
        comparison.compare(type, before, after, List.of());
        return comparison;
    }

    /** All that an object mentions: its leaves, items, map keys and empty maps. */
    static FieldSet fieldsOf(JsonNode object, FieldType type) {
        FieldSet fields = FieldSet.empty();
        collect(type, object, List.of(), fields);
        return fields;
    }

    FieldSet changed() {
        return modified.union(added);
    }

    Comparison minusTrees(FieldSet ignored) {
        return new Comparison(added.minusTrees(ignored), modified.minusTrees(ignored), removed.minusTrees(ignored));
    }

    private void compare(FieldType type, @Nullable JsonNode before, @Nullable JsonNode after, List<PathElement> path) {
        FieldType.Shape old = type.shape(before == null ? after : before);
        FieldType.Shape now = type.shape(after == null ? before : after);
        boolean leaf = compareAs(now, type, before, after, path);
        if (old != now) {
            // What is below the old value is gone, too.
            boolean _ = compareAs(old, type, before, after, path);
        }
        if (!leaf && before == null) {
            added.add(path);
        } else if (!leaf && after == null) {
            removed.add(path);
        }
    }

    private boolean compareAs(
            FieldType.Shape shape,
            FieldType type,
            @Nullable JsonNode before,
            @Nullable JsonNode after,
            List<PathElement> path) {
        // An empty map or list is a leaf, so that it is not the same as none.
        boolean leaf = type.isLeaf(shape)
                || (shape == FieldType.Shape.MAP
                        ? fields(before).isEmpty() && fields(after).isEmpty()
                        : items(before).isEmpty() && items(after).isEmpty());
        if (leaf) {
            compareLeaf(before, after, path);
        } else if (shape == FieldType.Shape.MAP) {
            Set<String> names = new TreeSet<>(fields(before));
            names.addAll(fields(after));
            for (String name : names) {
                compare(
                        typeOf(type, name),
                        child(before, name),
                        child(after, name),
                        PathElement.append(path, new PathElement.Field(name)));
            }
        } else {
            compareItems(type, byElement(type, before), byElement(type, after), path);
        }
        return leaf;
    }

    private void compareLeaf(@Nullable JsonNode before, @Nullable JsonNode after, List<PathElement> path) {
        if (before == null) {
            added.add(path);
        } else if (after == null) {
            removed.add(path);
        } else if (!Values.same(before, after)) {
            modified.add(path);
        }
    }

    private void compareItems(
            FieldType type,
            SortedMap<PathElement, List<JsonNode>> before,
            SortedMap<PathElement, List<JsonNode>> after,
            List<PathElement> path) {
        Set<PathElement> elements = new LinkedHashSet<>(before.keySet());
        elements.addAll(after.keySet());
        for (PathElement element : elements) {
            List<JsonNode> old = before.getOrDefault(element, List.of());
            List<JsonNode> now = after.getOrDefault(element, List.of());
            List<PathElement> here = PathElement.append(path, element);
            // Items that are there several times are one atomic value.
            if (old.size() > 1 && now.size() > 1) {
                if (!same(old, now)) {
                    modified.add(here);
                }
                continue;
            }
            JsonNode oldItem = old.size() == 1 ? old.getFirst() : null;
            JsonNode newItem = now.size() == 1 ? now.getFirst() : null;
            if (oldItem != null || newItem != null) {
                compare(type.items(), oldItem, newItem, here);
            }
            if (old.size() > 1) {
                removed.add(here);
            } else if (now.size() > 1) {
                added.add(here);
            }
        }
    }

    private static boolean same(List<JsonNode> left, List<JsonNode> right) {
        for (int i = 0; i < left.size(); i++) {
            if (left.size() != right.size() || !Values.same(left.get(i), right.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static void collect(FieldType type, JsonNode value, List<PathElement> path, FieldSet into) {
        FieldType.Shape shape = type.shape(value);
        if (type.isLeaf(shape)) {
            into.add(path);
        } else if (shape == FieldType.Shape.LIST) {
            byElement(type, value).forEach((element, items) -> {
                List<PathElement> here = PathElement.append(path, element);
                if (items.size() == 1) {
                    collect(type.items(), items.getFirst(), here, into);
                }
                into.add(here);
            });
        } else {
            fields(value).forEach(name -> {
                JsonNode field = value.get(name);
                List<PathElement> here = PathElement.append(path, new PathElement.Field(name));
                collect(typeOf(type, name), field, here, into);
                if (field.isNull() || (field.isObject() && field.isEmpty()) || !type.declares(name)) {
                    into.add(here);
                }
            });
        }
    }

    private static SortedMap<PathElement, List<JsonNode>> byElement(FieldType type, @Nullable JsonNode list) {
        SortedMap<PathElement, List<JsonNode>> items = new TreeMap<>();
        items(list)
                .forEach(item -> items.computeIfAbsent(type.element(item), _ -> new ArrayList<>())
                        .add(item));
        return items;
    }

    // Stored objects may have fields from before a change of the schema.
    static FieldType typeOf(FieldType type, String field) {
        FieldType declared = type.field(field);
        return declared == null ? FieldType.DEDUCED : declared;
    }

    static List<String> fields(@Nullable JsonNode value) {
        List<String> names = new ArrayList<>();
        if (value instanceof ObjectNode object) {
            object.fieldNames().forEachRemaining(names::add);
        }
        return names;
    }

    static List<JsonNode> items(@Nullable JsonNode value) {
        List<JsonNode> items = new ArrayList<>();
        if (value instanceof ArrayNode list) {
            list.forEach(items::add);
        }
        return items;
    }

    static @Nullable JsonNode child(@Nullable JsonNode value, String field) {
        return value instanceof ObjectNode object ? object.get(field) : null;
    }
}
