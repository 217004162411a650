package dev.lightkeeper.simulators.aws.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Members of a request by their type. A wrong type is a SerializationException; null counts as missing.
 *
 * @param json the request, or a part of it
 * @param refusal the service's own error for a member that is missing or out of range, from a text for people
 */
public record Input(ObjectNode json, Function<String, ApiError> refusal) {

    private @Nullable JsonNode member(String name) {
        JsonNode value = json.get(name);
        return value == null || value.isNull() ? null : value;
    }

    /**
     * {@return whether a member is there}
     *
     * @param name of the member
     */
    public boolean has(String name) {
        return member(name) != null;
    }

    /**
     * {@return a text, or null}
     *
     * @param name of the member
     */
    @Nullable
    public String string(String name) {
        JsonNode value = member(name);
        if (value == null) {
            return null;
        }
        if (!value.isTextual()) {
            throw wrongType(name, "a string");
        }
        return value.textValue();
    }

    /**
     * {@return a text that is not empty}
     *
     * @param name of the member
     */
    public String required(String name) {
        String value = string(name);
        if (value == null || value.isEmpty()) {
            throw refusal.apply("The parameter " + name + " is required.");
        }
        return value;
    }

    /**
     * {@return a whole number, or null}
     *
     * @param name of the member
     */
    @Nullable
    public Integer integer(String name) {
        JsonNode value = member(name);
        if (value == null) {
            return null;
        }
        if (!value.canConvertToExactIntegral() || !value.canConvertToInt()) {
            throw wrongType(name, "an integer");
        }
        return value.intValue();
    }

    /**
     * {@return a whole number}
     *
     * @param name of the member
     */
    public int requiredInteger(String name) {
        Integer value = integer(name);
        if (value == null) {
            throw refusal.apply("The parameter " + name + " is required.");
        }
        return value;
    }

    /**
     * {@return true or false, or null}
     *
     * @param name of the member
     */
    @Nullable
    public Boolean bool(String name) {
        JsonNode value = member(name);
        if (value == null) {
            return null;
        }
        if (!value.isBoolean()) {
            throw wrongType(name, "a boolean");
        }
        return value.booleanValue();
    }

    /**
     * {@return a time, or null}
     *
     * @param name of the member
     */
    @Nullable
    public Instant time(String name) {
        JsonNode value = member(name);
        if (value == null) {
            return null;
        }
        if (!value.isNumber()) {
            throw wrongType(name, "a timestamp in epoch seconds");
        }
        BigDecimal seconds = value.decimalValue();
        if (seconds.abs().compareTo(BigDecimal.valueOf(100_000_000_000L)) > 0) {
            throw refusal.apply("The parameter " + name + " is out of range.");
        }
        return Instant.ofEpochMilli(seconds.movePointRight(3).longValue());
    }

    /**
     * {@return a time that is sent in milliseconds, or null}
     *
     * @param name of the member
     */
    @Nullable
    public Instant milliseconds(String name) {
        JsonNode value = member(name);
        if (value == null) {
            return null;
        }
        if (!value.canConvertToExactIntegral() || !value.canConvertToLong()) {
            throw wrongType(name, "a timestamp in epoch milliseconds");
        }
        if (value.longValue() < 0) {
            throw refusal.apply("The parameter " + name + " is out of range.");
        }
        return Instant.ofEpochMilli(value.longValue());
    }

    /**
     * {@return a structure, or null}
     *
     * @param name of the member
     */
    @Nullable
    public Input object(String name) {
        JsonNode value = member(name);
        if (value == null) {
            return null;
        }
        if (value instanceof ObjectNode object) {
            return new Input(object, refusal);
        }
        throw wrongType(name, "an object");
    }

    /**
     * {@return a map of structures; empty when absent}
     *
     * @param name of the member
     */
    public Map<String, Input> objects(String name) {
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

    /**
     * {@return a map of strings; empty when absent}
     *
     * @param name of the member
     */
    public Map<String, String> strings(String name) {
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

    /**
     * {@return a list of strings; empty when absent}
     *
     * @param name of the member
     */
    public List<String> stringList(String name) {
        List<String> all = new ArrayList<>();
        for (JsonNode element : elements(name)) {
            if (!element.isTextual()) {
                throw wrongType(name, "a list of strings");
            }
            all.add(element.textValue());
        }
        return all;
    }

    /**
     * {@return a list of structures; empty when absent}
     *
     * @param name of the member
     */
    public List<Input> objectList(String name) {
        List<Input> all = new ArrayList<>();
        for (JsonNode element : elements(name)) {
            if (!(element instanceof ObjectNode object)) {
                throw wrongType(name, "a list of objects");
            }
            all.add(new Input(object, refusal));
        }
        return all;
    }

    /** {@return the names of all members} */
    public List<String> names() {
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
