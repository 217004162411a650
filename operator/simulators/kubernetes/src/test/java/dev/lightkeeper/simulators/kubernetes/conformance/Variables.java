package dev.lightkeeper.simulators.kubernetes.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts values for {@code $name} and {@code ${name}}; what is no variable stays, {@code $patch} for one. */
final class Variables {
    private static final Pattern USE = Pattern.compile("\\$(\\w+)|\\$\\{(\\w+)}");

    private Variables() {}

    static String replace(String text, Map<String, String> values) {
        return USE.matcher(text).replaceAll(match -> {
            String name = match.group(1) == null ? match.group(2) : match.group(1);
            return Matcher.quoteReplacement(values.getOrDefault(name, match.group()));
        });
    }

    static JsonNode replace(JsonNode node, Map<String, String> values) {
        return switch (node) {
            case TextNode text -> TextNode.valueOf(replace(text.asText(), values));
            case ObjectNode object -> {
                ObjectNode copy = JsonNodeFactory.instance.objectNode();
                object.properties()
                        .forEach(entry -> copy.set(replace(entry.getKey(), values), replace(entry.getValue(), values)));
                yield copy;
            }
            case ArrayNode array -> {
                ArrayNode copy = JsonNodeFactory.instance.arrayNode();
                array.forEach(item -> copy.add(replace(item, values)));
                yield copy;
            }
            default -> node;
        };
    }
}
