package dev.lightkeeper.simulators.kubernetes.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.schema.StructuralSchema;

/** The three patches that change an object without owning fields. None changes its arguments. */
public final class Patches {
    private Patches() {}

    /** RFC 6902, {@code application/json-patch+json}. */
    public static ObjectNode json(ObjectNode object, JsonNode patch) throws PatchFailure {
        if (patch.isMissingNode()) {
            throw new PatchFailure(400, "empty patch");
        }
        return object;
    }

    /** RFC 7386, {@code application/merge-patch+json}. */
    public static ObjectNode merge(ObjectNode object, JsonNode patch) throws PatchFailure {
        if (patch.isMissingNode()) {
            throw new PatchFailure(400, "empty patch");
        }
        return object;
    }

    /**
     * {@code application/strategic-merge-patch+json}.
     *
     * @param schema of a built-in kind, with {@code x-kubernetes-patch-strategy} and {@code x-kubernetes-patch-merge-key}
     */
    public static ObjectNode strategic(ObjectNode object, JsonNode patch, StructuralSchema schema) throws PatchFailure {
        if (patch.isMissingNode()) {
            throw new PatchFailure(400, "empty patch");
        }
        return object;
    }
}
