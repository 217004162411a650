package dev.lightkeeper.simulators.aws.application;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/** Behaviours as trees of fields: how one is laid over another, and how trees become values. */
final class BehaviourFields {
    private static final String ENDPOINTS = "endpoints";

    private final YAMLMapper mapper = new YAMLMapper();

    ObjectNode empty() {
        return mapper.createObjectNode();
    }

    ObjectNode of(Behaviour behaviour) {
        return mapper.valueToTree(behaviour);
    }

    ObjectNode parse(String yaml) {
        try {
            return mapper.readTree(yaml) instanceof ObjectNode fields ? fields : empty();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not a behaviour: " + e.getOriginalMessage(), e);
        }
    }

    JsonNode tree(Object value) {
        return mapper.valueToTree(value);
    }

    Behaviour behaviour(ObjectNode fields) {
        try {
            return mapper.treeToValue(fields, Behaviour.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not a behaviour: " + e.getOriginalMessage(), e);
        }
    }

    /** Objects are merged, null removes, new endpoints go before the old ones, everything else is replaced. */
    ObjectNode overlay(ObjectNode below, ObjectNode above) {
        ObjectNode result = below.deepCopy();
        above.properties().forEach(field -> {
            JsonNode old = result.path(field.getKey());
            JsonNode value = field.getValue();
            if (value.isNull()) {
                result.remove(field.getKey());
            } else if (old instanceof ObjectNode oldFields && value instanceof ObjectNode newFields) {
                result.set(field.getKey(), overlay(oldFields, newFields));
            } else if (field.getKey().equals(ENDPOINTS)
                    && old instanceof ArrayNode oldRoutes
                    && value instanceof ArrayNode newRoutes) {
                result.set(field.getKey(), newRoutes.deepCopy().addAll(oldRoutes));
            } else {
                result.set(field.getKey(), value.deepCopy());
            }
        });
        return result;
    }
}
