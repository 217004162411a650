package dev.lightkeeper.simulators.aws.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Parameters of an EC2 request: lists are flat and numbered from 1, as in {@code Filter.1.Value.2}.
 *
 * @param fields all parameters, by their name in this part of the request
 */
public record QueryInput(NavigableMap<String, String> fields) {
    /**
     * {@return the parameters of a whole request}
     *
     * @param form as it arrived
     */
    public static QueryInput of(ObjectNode form) {
        NavigableMap<String, String> fields = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : form.properties()) {
            fields.put(field.getKey(), field.getValue().asText());
        }
        return new QueryInput(fields);
    }

    /**
     * {@return a value, or null}
     *
     * @param name of the parameter
     */
    public @Nullable String text(String name) {
        return fields.get(name);
    }

    /**
     * {@return a value that is not empty}
     *
     * @param name of the parameter
     */
    public String required(String name) {
        String value = text(name);
        if (value == null || value.isEmpty()) {
            throw new ApiError(400, "MissingParameter", "The request must contain the parameter " + name);
        }
        return value;
    }

    /**
     * {@return a whole number, or null}
     *
     * @param name of the parameter
     */
    public @Nullable Integer integer(String name) {
        String value = text(name);
        try {
            return value == null ? null : Integer.valueOf(value);
        } catch (NumberFormatException e) {
            throw invalid(value, name, "is not an integer");
        }
    }

    /**
     * {@return whether a parameter is true; false when it is absent}
     *
     * @param name of the parameter
     */
    public boolean isTrue(String name) {
        String value = text(name);
        if (value == null || value.equalsIgnoreCase("false")) {
            return false;
        }
        if (value.equalsIgnoreCase("true")) {
            return true;
        }
        throw invalid(value, name, "is not a boolean");
    }

    /**
     * {@return a list of values in the order of their numbers; empty when absent}
     *
     * @param name of the parameter
     */
    public List<String> list(String name) {
        return structures(name).stream()
                .map(element -> element.text(""))
                .map(value -> value == null ? "" : value)
                .toList();
    }

    /**
     * {@return a list of structures in the order of their numbers; empty when absent}
     *
     * @param name of the parameter
     */
    public List<QueryInput> structures(String name) {
        NavigableMap<Integer, QueryInput> all = new TreeMap<>();
        String prefix = name + ".";
        fields.tailMap(prefix).forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                String rest = key.substring(prefix.length());
                int dot = rest.indexOf('.');
                String number = dot < 0 ? rest : rest.substring(0, dot);
                if (number.matches("[1-9]\\d{0,4}")) {
                    all.computeIfAbsent(Integer.valueOf(number), n -> new QueryInput(new TreeMap<>()))
                            .fields
                            .put(dot < 0 ? "" : rest.substring(dot + 1), value);
                }
            }
        });
        return List.copyOf(all.values());
    }

    private static ApiError invalid(@Nullable String value, String name, String what) {
        return new ApiError(
                400,
                "InvalidParameterValue",
                "Value (" + value + ") for parameter " + name + " is invalid: it " + what);
    }

    @Override
    public String toString() {
        return "QueryInput" + fields.keySet();
    }
}
