package dev.lightkeeper.simulators.kubernetes.apply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The annotation in which {@code kubectl apply} keeps what it applied last. Who goes over to server-side apply with
 * kubectl's own field manager must not conflict with himself.
 */
final class LastApplied {
    private static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";

    private LastApplied() {}

    /** What was applied by kubectl and still is as it was; nothing for other managers. */
    static FieldSet agreed(ObjectNode live, FieldManagement.Writer writer, FieldType type) {
        JsonNode annotation = live.path("metadata").path("annotations").path(ANNOTATION);
        if (!writer.manager().equals("kubectl") || annotation.asText().isEmpty()) {
            return FieldSet.empty();
        }
        try {
            if (PathElement.JSON.readTree(annotation.asText()) instanceof ObjectNode last
                    && last.path("apiVersion").asText().equals(writer.apiVersion())) {
                Comparison since = Comparison.of(last, live, type);
                return Comparison.fieldsOf(last, type).minus(since.changed()).minus(since.removed());
            }
        } catch (JsonProcessingException | IllegalArgumentException e) {
            // Anybody can write anything into an annotation; it then agrees to nothing.
            return FieldSet.empty();
        }
        return FieldSet.empty();
    }

    /** Keeps the annotation, where there is one, in step with what kubectl applies on the server. */
    static void renew(ObjectNode object, ObjectNode applied, FieldManagement.Writer writer) {
        JsonNode annotations = object.path("metadata").path("annotations");
        if (writer.manager().equals("kubectl")
                && annotations instanceof ObjectNode map
                && !map.path(ANNOTATION).asText().isEmpty()) {
            ObjectNode configuration = applied.deepCopy();
            if (configuration.path("metadata").path("annotations") instanceof ObjectNode own) {
                own.remove(ANNOTATION);
            }
            map.put(ANNOTATION, Values.goJson(configuration) + "\n");
        }
    }
}
