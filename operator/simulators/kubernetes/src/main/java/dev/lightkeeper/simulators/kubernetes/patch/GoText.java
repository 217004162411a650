package dev.lightkeeper.simulators.kubernetes.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Values as Go prints them with {@code %v}, for kube-apiserver's messages. */
public final class GoText {
    private GoText() {}

    /** Keys come in order, as Go prints them. */
    public static String of(JsonNode value) {
        return switch (value) {
            case ObjectNode object ->
                object.properties().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(field -> field.getKey() + ":" + of(field.getValue()))
                        .collect(Collectors.joining(" ", "map[", "]"));
            case ArrayNode list ->
                StreamSupport.stream(list.spliterator(), false)
                        .map(GoText::of)
                        .collect(Collectors.joining(" ", "[", "]"));
            default -> value.isNull() ? "<nil>" : value.asText();
        };
    }
}
