package dev.lightkeeper.simulators.kubernetes.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** JSON pointers with two more kinds of segment: {@code *} for each item, {@code name=x} for the items that have it. */
final class Paths {
    private Paths() {}

    /** A missing value reads as missing, inside a list it is left out. */
    static JsonNode at(JsonNode node, String path) {
        if (path.isEmpty()) {
            return node;
        }
        int end = path.indexOf('/', 1);
        String segment = path.substring(1, end < 0 ? path.length() : end)
                .replace("~1", "/")
                .replace("~0", "~");
        String rest = end < 0 ? "" : path.substring(end);
        if (segment.equals("*")) {
            ArrayNode found = JsonNodeFactory.instance.arrayNode();
            node.forEach(item -> addPresent(found, at(item, rest)));
            return found;
        }
        int equals = segment.indexOf('=');
        if (equals > 0 && node.isArray()) {
            String key = segment.substring(0, equals);
            String value = segment.substring(equals + 1);
            return node.valueStream()
                    .filter(item -> item.path(key).asText().equals(value))
                    .findFirst()
                    .map(item -> at(item, rest))
                    .orElse(MissingNode.getInstance());
        }
        return at(node.isArray() ? node.path(Integer.parseInt(segment)) : node.path(segment), rest);
    }

    static ObjectNode select(JsonNode node, List<String> paths) {
        ObjectNode selected = JsonNodeFactory.instance.objectNode();
        for (String path : paths) {
            JsonNode value = at(node, path);
            selected.set(path, value.isMissingNode() ? JsonNodeFactory.instance.textNode("<missing>") : value);
        }
        return selected;
    }

    private static void addPresent(ArrayNode list, JsonNode value) {
        if (!value.isMissingNode()) {
            list.add(value);
        }
    }
}
