package dev.lightkeeper.simulators.kubernetes.apply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The schema of what all objects have, and which CRDs cannot change. */
final class ObjectMetadata {
    private static final JsonNode SCHEMA = read("""
            {"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": {"type": "object", "properties": {
              "annotations": {"type": "object", "additionalProperties": {"type": "string"}},
              "creationTimestamp": {"type": "string", "format": "date-time"},
              "deletionGracePeriodSeconds": {"type": "integer"},
              "deletionTimestamp": {"type": "string", "format": "date-time"},
              "finalizers": {"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}},
              "generateName": {"type": "string"},
              "generation": {"type": "integer"},
              "labels": {"type": "object", "additionalProperties": {"type": "string"}},
              "managedFields": {"type": "array", "x-kubernetes-list-type": "atomic", "items": {}},
              "name": {"type": "string"},
              "namespace": {"type": "string"},
              "ownerReferences": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["uid"],
                "items": {"type": "object", "x-kubernetes-map-type": "atomic", "properties": {
                  "apiVersion": {"type": "string"}, "blockOwnerDeletion": {"type": "boolean"},
                  "controller": {"type": "boolean"}, "kind": {"type": "string"}, "name": {"type": "string"},
                  "uid": {"type": "string"}}}},
              "resourceVersion": {"type": "string"},
              "selfLink": {"type": "string"},
              "uid": {"type": "string"}}}}
            """);

    private ObjectMetadata() {}

    /** Whether a field of a value with this schema is one of these. */
    static boolean isPartOf(JsonNode schema, String field) {
        return SCHEMA.has(field)
                && schema.path("x-kubernetes-embedded-resource").asBoolean();
    }

    static JsonNode schema(String field) {
        return SCHEMA.get(field);
    }

    /** No object is stored with empty labels or an empty list of finalizers. */
    static void dropEmptyFields(ObjectNode object) {
        if (object.get("metadata") instanceof ObjectNode metadata) {
            metadata.properties()
                    .removeIf(field -> field.getValue().isContainerNode()
                            && field.getValue().isEmpty());
        }
    }

    private static JsonNode read(String json) {
        try {
            return new ObjectMapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
