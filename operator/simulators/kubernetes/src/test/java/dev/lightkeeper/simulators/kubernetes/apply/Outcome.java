package dev.lightkeeper.simulators.kubernetes.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a server made of a write, without what differs from run to run.
 *
 * @param status HTTP status
 * @param body   the object, or the Status of a failure
 */
record Outcome(int status, JsonNode body) {
    static final String SOME_TIME = "2026-01-01T00:00:00Z";
    private static final List<String> OF_THE_RUN = List.of("uid", "resourceVersion", "generation", "selfLink");

    boolean succeeded() {
        return status < 300;
    }

    /** Whether the object as a whole was found invalid, which is no matter of applying or patching. */
    boolean isInvalid() {
        return status == 422 && body.path("message").asText().contains("is invalid");
    }

    /** The object without its identity, and with times that tell no more than their order. */
    static ObjectNode masked(JsonNode object) {
        ObjectNode masked = object.deepCopy();
        ObjectNode metadata = masked.withObjectProperty("metadata");
        metadata.remove(OF_THE_RUN);
        if (metadata.has("creationTimestamp")) {
            metadata.put("creationTimestamp", SOME_TIME);
        }
        SortedSet<String> times = new TreeSet<>();
        metadata.path("managedFields")
                .forEach(entry -> times.add(entry.path("time").asText()));
        metadata.path("managedFields").forEach(entry -> {
            if (entry.has("time")) {
                int rank = times.headSet(entry.get("time").asText()).size();
                ((ObjectNode) entry)
                        .put("time", Instant.parse(SOME_TIME).plusSeconds(rank).toString());
            }
        });
        return masked;
    }

    /** The managedFields without times, in an order that does not depend on them. */
    static List<JsonNode> timeless(JsonNode managedFields) {
        List<JsonNode> entries = new ArrayList<>();
        managedFields.forEach(entry -> {
            ObjectNode timeless = entry.deepCopy();
            if (timeless.has("time")) {
                timeless.put("time", SOME_TIME);
            }
            entries.add(timeless);
        });
        entries.sort(
                Comparator.comparing((JsonNode entry) -> entry.path("operation").asText())
                        .thenComparing(entry -> entry.path("manager").asText())
                        .thenComparing(entry -> entry.path("subresource").asText())
                        .thenComparing(entry -> entry.path("fieldsV1").toString()));
        return entries;
    }

    /** What a failure says: the message, and the causes in one order, because the real one's is any. */
    static ObjectNode failure(int status, String message, List<String> causes) {
        ObjectNode failure =
                JsonNodeFactory.instance.objectNode().put("code", status).put("message", message);
        ArrayNode sorted = failure.putArray("causes");
        causes.stream().sorted().forEach(sorted::add);
        return failure;
    }
}
