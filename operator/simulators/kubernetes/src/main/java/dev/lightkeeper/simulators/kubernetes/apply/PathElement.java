package dev.lightkeeper.simulators.kubernetes.apply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One step from a value to one below it, in the order in which managedFields lists them. */
sealed interface PathElement extends Comparable<PathElement> {
    ObjectMapper JSON = new ObjectMapper();

    /** A field of an object. */
    record Field(String name) implements PathElement {
        @Override
        public String toString() {
            return "." + name;
        }
    }

    /** The item of a list-map with these keys; a key that an item lacks and that has no default is not in it. */
    record Key(SortedMap<String, JsonNode> fields) implements PathElement {
        @Override
        public String toString() {
            return fields.entrySet().stream()
                    .map(field -> field.getKey() + "=" + field.getValue())
                    .collect(Collectors.joining(",", "[", "]"));
        }
    }

    /** The item of a set with this value. */
    record Value(JsonNode value) implements PathElement {
        @Override
        public String toString() {
            return "[=" + value + "]";
        }
    }

    /** Nothing writes these, but managedFields may contain them. */
    record Index(int index) implements PathElement {
        @Override
        public String toString() {
            return "[" + index + "]";
        }
    }

    /** As a key in FieldsV1. */
    default String serialized() {
        return switch (this) {
            case Field(String name) -> "f:" + name;
            case Key(SortedMap<String, JsonNode> fields) -> "k:" + Values.goJson(JSON.valueToTree(fields));
            case Value(JsonNode value) -> "v:" + Values.goJson(value);
            case Index(int index) -> "i:" + index;
        };
    }

    /**
     * Reads a key of FieldsV1.
     *
     * @return empty for a kind that a later version may have brought
     * @throws IllegalArgumentException when it is none
     */
    static Optional<PathElement> parse(String serialized) {
        if (serialized.length() < 2 || serialized.charAt(1) != ':') {
            throw new IllegalArgumentException("no path element: " + serialized);
        }
        String content = serialized.substring(2);
        return switch (serialized.charAt(0)) {
            case 'f' -> Optional.of(new Field(content));
            case 'v' -> Optional.of(new Value(json(content)));
            case 'i' -> Optional.of(new Index(Integer.parseInt(content)));
            case 'k' -> {
                SortedMap<String, JsonNode> fields = new TreeMap<>();
                json(content).properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
                yield Optional.of(new Key(fields));
            }
            default -> Optional.empty();
        };
    }

    @Override
    default int compareTo(PathElement other) {
        return switch (this) {
            case Field(String name) when other instanceof Field(String otherName) -> name.compareTo(otherName);
            case Key(var fields) when other instanceof Key(var otherFields) -> compare(fields, otherFields);
            case Value(JsonNode value)
            when other instanceof Value(JsonNode otherValue) -> Values.compare(value, otherValue);
            case Index(int index) when other instanceof Index(int otherIndex) -> Integer.compare(index, otherIndex);
            default -> Integer.compare(rank(), other.rank());
        };
    }

    private int rank() {
        return switch (this) {
            case Field _ -> 0;
            case Key _ -> 1;
            case Value _ -> 2;
            case Index _ -> 3;
        };
    }

    private static int compare(SortedMap<String, JsonNode> left, SortedMap<String, JsonNode> right) {
        Iterator<Map.Entry<String, JsonNode>> others = right.entrySet().iterator();
        for (Map.Entry<String, JsonNode> field : left.entrySet()) {
            if (!others.hasNext()) {
                return 1;
            }
            Map.Entry<String, JsonNode> other = others.next();
            int order = field.getKey().compareTo(other.getKey());
            order = order != 0 ? order : Values.compare(field.getValue(), other.getValue());
            if (order != 0) {
                return order;
            }
        }
        return others.hasNext() ? -1 : 0;
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no path element: " + text, e);
        }
    }

    /** The path of a conflict, as kube-apiserver prints it. */
    static String print(List<PathElement> path) {
        return path.stream().map(PathElement::toString).collect(Collectors.joining());
    }

    /** The path with one more step. */
    static List<PathElement> append(List<PathElement> path, PathElement element) {
        List<PathElement> longer = new ArrayList<>(path);
        longer.add(element);
        return longer;
    }
}
