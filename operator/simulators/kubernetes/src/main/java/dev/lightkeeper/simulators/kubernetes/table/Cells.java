package dev.lightkeeper.simulators.kubernetes.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.lightkeeper.simulators.kubernetes.resource.Column;
import dev.lightkeeper.simulators.kubernetes.resource.JsonPath;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What stands in the cells of a row. A CRD's column is a JSON path and a type. A built-in's is text in which
 * <code>{path|path|function}</code> takes the values of all paths and gives them to the functions from left to right;
 * without a function, or with one that wants a single value, the first path that has any counts.
 */
final class Cells {
    private static final Pattern PART = Pattern.compile("\\{([^{}]*)}");

    private Cells() {}

    /** The cell of a CRD's column. */
    static JsonNode custom(Column column, JsonNode object, Instant now) {
        List<JsonNode> found = JsonPath.of(column.content()).find(object);
        if (found.isEmpty() || found.getFirst().isNull()) {
            return NullNode.instance;
        }
        JsonNode value = found.getFirst();
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (column.type()) {
            case "integer" -> value.isNumber() ? nodes.numberNode(value.longValue()) : NullNode.instance;
            case "number" -> value.isNumber() ? value : NullNode.instance;
            case "boolean" -> value.isBoolean() ? value : NullNode.instance;
            case "date" -> value.isTextual() ? TextNode.valueOf(Ages.since(value.asText(), now)) : NullNode.instance;
            default ->
                TextNode.valueOf(
                        found.size() == 1 && value.isValueNode()
                                ? value.asText()
                                : found.size() == 1
                                        ? value.toString()
                                        : found.stream().map(Cells::shown).collect(Collectors.joining(" ")));
        };
    }

    /** The cell of a built-in's column. */
    static JsonNode builtIn(Column column, JsonNode object, Instant now) {
        Matcher parts = PART.matcher(column.content());
        StringBuilder text = new StringBuilder();
        while (parts.find()) {
            parts.appendReplacement(text, Matcher.quoteReplacement(part(parts.group(1), object, now)));
        }
        String cell = parts.appendTail(text).toString();
        return switch (column.number() ? "integer" : column.type()) {
            case "integer" -> cell.isEmpty() ? NullNode.instance : IntNode.valueOf(Integer.parseInt(cell));
            case "boolean" -> JsonNodeFactory.instance.booleanNode(Boolean.parseBoolean(cell));
            default -> TextNode.valueOf(cell);
        };
    }

    private static String part(String part, JsonNode object, Instant now) {
        List<JsonNode> values = new ArrayList<>();
        String text = "";
        boolean called = false;
        for (String step : part.split("\\|", -1)) {
            if (step.startsWith(".")) {
                values.addAll(JsonPath.of(step).find(object));
            } else {
                text = called ? then(step, text) : call(step, values, now);
                called = true;
            }
        }
        return called ? text : first(values);
    }

    private static String then(String function, String text) {
        return function.startsWith("or ") && text.isEmpty() ? function.substring(3) : text;
    }

    private static String call(String function, List<JsonNode> values, Instant now) {
        return switch (function) {
            case "age" -> Ages.since(first(values), now);
            case "lower" -> first(values).toLowerCase(Locale.ROOT);
            case "trim" -> first(values).trim();
            case "count" ->
                Integer.toString(values.stream().mapToInt(JsonNode::size).sum());
            case "size" -> Integer.toString(values.size());
            case "join" ->
                values.stream()
                        .flatMap(v -> v.isArray() ? v.valueStream() : List.of(v).stream())
                        .map(Cells::shown)
                        .collect(Collectors.joining(","));
            case "labels" ->
                values.stream()
                        .flatMap(map -> map.propertyStream())
                        .map(label -> label.getKey() + "=" + shown(label.getValue()))
                        .sorted()
                        .collect(Collectors.joining(","));
            case "ports" ->
                values.stream().flatMap(JsonNode::valueStream).map(Cells::port).collect(Collectors.joining(","));
            case "versions" ->
                values.stream()
                        .flatMap(JsonNode::valueStream)
                        .filter(version -> version.path("served").asBoolean())
                        .map(version -> version.path("name").asText()
                                + (version.path("storage").asBoolean() ? "(storage)" : ""))
                        .collect(Collectors.joining(","));
            case "owner" -> values.stream().map(Cells::owner).findFirst().orElse("");
            case "accounts" ->
                values.stream()
                        .map(account -> account.path("namespace").asText() + "/"
                                + account.path("name").asText())
                        .collect(Collectors.joining(", "));
            default -> then(function, first(values));
        };
    }

    private static String first(List<JsonNode> values) {
        return values.stream()
                .map(Cells::shown)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static String shown(JsonNode value) {
        return value.isNull() ? "" : value.isValueNode() ? value.asText() : value.toString();
    }

    private static String port(JsonNode port) {
        String node = port.has("nodePort") ? ":" + port.path("nodePort").asText() : "";
        return port.path("port").asText() + node + "/" + port.path("protocol").asText();
    }

    private static String owner(JsonNode owner) {
        String apiVersion = owner.path("apiVersion").asText();
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : "." + apiVersion.substring(0, slash);
        return owner.path("kind").asText().toLowerCase(Locale.ROOT) + group + "/"
                + owner.path("name").asText();
    }
}
