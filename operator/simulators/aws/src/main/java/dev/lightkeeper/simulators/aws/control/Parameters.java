package dev.lightkeeper.simulators.aws.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Query parameters and JSON body of a control request. */
record Parameters(Map<String, String> query, ObjectNode body) {

    static Map<String, String> query(@Nullable String raw) {
        Map<String, String> all = new HashMap<>();
        for (String pair : raw == null ? new String[0] : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                all.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return all;
    }

    @Nullable
    String text(String name) {
        JsonNode value = body.get(name);
        return value == null || value.isNull() ? query.get(name) : value.asText();
    }

    String required(String name) {
        String value = text(name);
        if (value == null || value.isEmpty()) {
            throw new ControlFailure(400, name + " is missing");
        }
        return value;
    }

    double number(String name, double otherwise) {
        String value = text(name);
        try {
            return value == null ? otherwise : Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw new ControlFailure(400, name + " must be a number");
        }
    }

    int integer(String name, int otherwise) {
        return (int) number(name, otherwise);
    }

    boolean has(String name) {
        return text(name) != null;
    }

    List<String> list(String name) {
        return StreamSupport.stream(body.path(name).spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /** A map of strings in the body; empty when absent. */
    Map<String, String> strings(String name) {
        Map<String, String> all = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : body.path(name).properties()) {
            all.put(entry.getKey(), entry.getValue().asText());
        }
        return all;
    }

    /** Whether something is true; so it is unless it says {@code false}. */
    boolean isTrue(String name) {
        return !"false".equals(text(name));
    }

    @Override
    public String toString() {
        return "Parameters" + query.keySet();
    }
}
