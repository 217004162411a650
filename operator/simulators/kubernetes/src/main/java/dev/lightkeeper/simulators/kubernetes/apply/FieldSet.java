package dev.lightkeeper.simulators.kubernetes.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A set of paths. A path is in it for itself: neither its parents nor what is below it are in it for that reason.
 * Only {@link #add} changes one.
 */
final class FieldSet {
    private static final FieldSet EMPTY = new FieldSet(false);

    private final SortedMap<PathElement, FieldSet> below = new TreeMap<>();
    private boolean member;

    private FieldSet(boolean member) {
        this.member = member;
    }

    static FieldSet empty() {
        return new FieldSet(false);
    }

    /** Paths of plain fields, written with dots. */
    static FieldSet ofFields(String... paths) {
        FieldSet set = empty();
        for (String path : paths) {
            List<PathElement> elements = new ArrayList<>();
            for (String name : path.split("\\.", -1)) {
                elements.add(new PathElement.Field(name));
            }
            set.add(elements);
        }
        return set;
    }

    /**
     * Reads FieldsV1.
     *
     * @throws IllegalArgumentException when it is none
     */
    static FieldSet parse(JsonNode fields) {
        FieldSet set = new FieldSet(false);
        fields.properties().forEach(field -> {
            if (field.getKey().equals(".")) {
                set.member = true;
            } else {
                PathElement.parse(field.getKey()).ifPresent(element -> set.below.put(element, parse(field.getValue())));
            }
        });
        set.member |= set.below.isEmpty();
        return set;
    }

    /** The root of what {@link #parse} reads is no path. */
    static FieldSet parseRoot(JsonNode fields) {
        FieldSet set = parse(fields);
        set.member = false;
        return set;
    }

    /** As FieldsV1, in its canonical order. */
    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (member && !below.isEmpty()) {
            json.putObject(".");
        }
        below.forEach((element, set) -> json.set(element.serialized(), set.toJson()));
        return json;
    }

    /** The whole object is no path, and is not added. */
    void add(List<PathElement> path) {
        if (path.isEmpty()) {
            return;
        }
        FieldSet set = this;
        for (PathElement element : path) {
            set = set.below.computeIfAbsent(element, _ -> new FieldSet(false));
        }
        set.member = true;
    }

    boolean isEmpty() {
        return !member && below.isEmpty();
    }

    boolean hasNothingBelow() {
        return below.isEmpty();
    }

    boolean has(PathElement element) {
        return below(element).member;
    }

    /** What is in it below one element. */
    FieldSet below(PathElement element) {
        return below.getOrDefault(element, EMPTY);
    }

    FieldSet union(FieldSet other) {
        FieldSet result = new FieldSet(member || other.member);
        result.below.putAll(below);
        other.below.forEach((element, set) -> result.below.merge(element, set, FieldSet::union));
        return result;
    }

    FieldSet intersection(FieldSet other) {
        FieldSet result = new FieldSet(member && other.member);
        below.forEach((element, set) -> result.put(element, set.intersection(other.below(element))));
        return result;
    }

    FieldSet minus(FieldSet other) {
        FieldSet result = new FieldSet(member && !other.member);
        below.forEach((element, set) -> result.put(element, set.minus(other.below(element))));
        return result;
    }

    /** Without the paths of the other and all below them. */
    FieldSet minusTrees(FieldSet other) {
        FieldSet result = new FieldSet(member && !other.member);
        below.forEach((element, set) -> {
            if (!other.has(element)) {
                result.put(element, set.minusTrees(other.below(element)));
            }
        });
        return result;
    }

    /** With the declared fields that something is below of: they have no existence of their own, and are gone with it. */
    FieldSet withDeclaredParents(@Nullable FieldType type) {
        FieldSet result = new FieldSet(member);
        below.forEach((element, set) -> {
            FieldType deeper = type == null ? null : type.at(element);
            FieldSet node = set.withDeclaredParents(deeper);
            node.member |= !set.below.isEmpty()
                    && type != null
                    && element instanceof PathElement.Field(String name)
                    && type.declares(name);
            result.below.put(element, node);
        });
        return result;
    }

    /** All paths, those of one level before those below it. */
    List<List<PathElement>> paths() {
        List<List<PathElement>> paths = new ArrayList<>();
        collect(List.of(), paths);
        return paths;
    }

    private void collect(List<PathElement> prefix, List<List<PathElement>> paths) {
        below.forEach((element, set) -> {
            if (set.member) {
                paths.add(PathElement.append(prefix, element));
            }
        });
        below.forEach((element, set) -> set.collect(PathElement.append(prefix, element), paths));
    }

    private void put(PathElement element, FieldSet set) {
        if (!set.isEmpty()) {
            below.put(element, set);
        }
    }
}
