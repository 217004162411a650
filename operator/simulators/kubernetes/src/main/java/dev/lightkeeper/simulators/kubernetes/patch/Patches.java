package dev.lightkeeper.simulators.kubernetes.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.schema.StructuralSchema;
import java.util.Locale;

/** The three patches that change an object without owning fields. None changes its arguments. */
public final class Patches {
    private Patches() {}

    /** RFC 6902, {@code application/json-patch+json}. */
    public static ObjectNode json(ObjectNode object, JsonNode patch) throws PatchFailure {
        if (patch.isNull()) {
            return object.deepCopy();
        }
        if (!(patch instanceof ArrayNode operations)) {
            throw unreadable("error decoding patch: ", patch, "[]handlers.jsonPatchOp");
        }
        for (JsonNode operation : operations) {
            if (!operation.isObject()) {
                throw unreadable("error decoding patch: ", operation, "handlers.jsonPatchOp");
            }
        }
        return JsonPatch.apply(object, operations);
    }

    /** RFC 7386, {@code application/merge-patch+json}. */
    public static ObjectNode merge(ObjectNode object, JsonNode patch) throws PatchFailure {
        if (patch.isNull()) {
            throw new PatchFailure(400, "Invalid JSON Patch");
        }
        if (!(patch instanceof ObjectNode changes)) {
            throw unreadable("error decoding patch: ", patch, "map[string]interface {}");
        }
        ObjectNode result = object.deepCopy();
        mergeInto(result, changes);
        return result;
    }

    /**
     * {@code application/strategic-merge-patch+json}.
     *
     * @param schema of a built-in kind, with {@code x-kubernetes-patch-strategy} and {@code x-kubernetes-patch-merge-key}
     */
    public static ObjectNode strategic(ObjectNode object, JsonNode patch, StructuralSchema schema) throws PatchFailure {
        if (patch.isNull()) {
            return object.deepCopy();
        }
        if (!(patch instanceof ObjectNode changes)) {
            throw unreadable("", patch, "map[string]interface {}");
        }
        return StrategicMerge.merge(object.deepCopy(), changes.deepCopy(), schema.openApi());
    }

    private static PatchFailure unreadable(String prefix, JsonNode patch, String goType) {
        String kind = patch.getNodeType() == JsonNodeType.BOOLEAN
                ? "bool"
                : patch.getNodeType().name().toLowerCase(Locale.ROOT);
        return new PatchFailure(
                400, "%sjson: cannot unmarshal %s into Go value of type %s".formatted(prefix, kind, goType));
    }

    private static void mergeInto(ObjectNode target, ObjectNode patch) {
        patch.properties().forEach(change -> {
            String key = change.getKey();
            JsonNode value = change.getValue();
            if (value.isNull()) {
                target.remove(key);
            } else if (value instanceof ObjectNode deeper && target.get(key) instanceof ObjectNode existing) {
                mergeInto(existing, deeper);
            } else {
                target.set(key, withoutNullFields(value.deepCopy()));
            }
        });
    }

    // Also in objects within lists, which RFC 7386 leaves alone.
    static JsonNode withoutNullFields(JsonNode value) {
        if (value instanceof ObjectNode object) {
            object.properties().removeIf(field -> field.getValue().isNull());
        }
        value.forEach(Patches::withoutNullFields);
        return value;
    }
}
