package dev.lightkeeper.simulators.aws.lightsail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.http.ApiError;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Members of a request by their type. A wrong type is a SerializationException, a missing required member an
 * InvalidInputException; null counts as missing.
 */
record Input(ObjectNode json) {

    private @Nullable JsonNode member(String name) {
        JsonNode value = json.get(name);
        return value == null || value.isNull() ? null : value;
    }

    boolean has(String name) {
        return member(name) != null;
    }

    @Nullable
    String string(String name) {
        JsonNode value = member(name);
        if (value == null) {
            return null;
        }
        if (!value.isTextual()) {
            throw wrongType(name, "a string");
        }
        return value.textValue();
    }

    String required(String name) {
        String value = string(name);
        if (value == null || value.isEmpty()) {
            throw ApiError.invalidInput("The parameter " + name + " is required.");
        }
        return value;
    }

    @Nullable
    Integer integer(String name) {
        JsonNode value = member(name);
        if (value == null) {
            return null;
        }
        if (!value.canConvertToExactIntegral() || !value.canConvertToInt()) {
            throw wrongType(name, "an integer");
        }
        return value.intValue();
    }

    int requiredInteger(String name) {
        Integer value = integer(name);
        if (value == null) {
            throw ApiError.invalidInput("The parameter " + name + " is required.");
        }
        return value;
    }

    @Nullable
    Boolean bool(String name) {
        JsonNode value = member(name);
        if (value == null) {
            return null;
        }
        if (!value.isBoolean()) {
            throw wrongType(name, "a boolean");
        }
        return value.booleanValue();
    }

    @Nullable
    Instant time(String name) {
        JsonNode value = member(name);
        if (value == null) {
            return null;
        }
        if (!value.isNumber()) {
            throw wrongType(name, "a timestamp in epoch seconds");
        }
        BigDecimal seconds = value.decimalValue();
        if (seconds.abs().compareTo(BigDecimal.valueOf(100_000_000_000L)) > 0) {
            throw ApiError.invalidInput("The parameter " + name + " is out of range.");
        }
        return Instant.ofEpochMilli(seconds.movePointRight(3).longValue());
    }

    @Nullable
    Input object(String name) {
        JsonNode value = member(name);
        if (value == null) {
            return null;
        }
        if (value instanceof ObjectNode object) {
            return new Input(object);
        }
        throw wrongType(name, "an object");
    }

    /** Members of a map of structures; empty when absent. */
    Map<String, Input> objects(String name) {
        Map<String, Input> all = new LinkedHashMap<>();
        Input map = object(name);
        if (map != null) {
            for (String key : map.names()) {
                Input value = map.object(key);
                if (value != null) {
                    all.put(key, value);
                }
            }
        }
        return all;
    }

    /** Members of a map of strings; empty when absent. */
    Map<String, String> strings(String name) {
        Map<String, String> all = new LinkedHashMap<>();
        Input map = object(name);
        if (map != null) {
            for (String key : map.names()) {
                String value = map.string(key);
                if (value != null) {
                    all.put(key, value);
                }
            }
        }
        return all;
    }

    /** Elements of a list of strings; empty when absent. */
    List<String> stringList(String name) {
        List<String> all = new ArrayList<>();
        for (JsonNode element : elements(name)) {
            if (!element.isTextual()) {
                throw wrongType(name, "a list of strings");
            }
            all.add(element.textValue());
        }
        return all;
    }

    /** Elements of a list of structures; empty when absent. */
    List<Input> objectList(String name) {
        List<Input> all = new ArrayList<>();
        for (JsonNode element : elements(name)) {
            if (!(element instanceof ObjectNode object)) {
                throw wrongType(name, "a list of objects");
            }
            all.add(new Input(object));
        }
        return all;
    }

    List<String> names() {
        return json.properties().stream().map(Map.Entry::getKey).toList();
    }

    private Iterable<JsonNode> elements(String name) {
        JsonNode value = member(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            throw wrongType(name, "a list");
        }
        return value;
    }

    private static ApiError wrongType(String name, String expected) {
        return ApiError.serialization("The member " + name + " must be " + expected + ".");
    }

    @Override
    public String toString() {
        return "Input" + names();
    }
}
