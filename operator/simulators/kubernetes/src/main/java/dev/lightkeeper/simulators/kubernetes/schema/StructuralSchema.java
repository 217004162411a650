package dev.lightkeeper.simulators.kubernetes.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The {@code openAPIV3Schema} of one version of a CRD, or of a built-in kind. Immutable, and safe to share. */
public final class StructuralSchema {
    private final JsonNode schema;
    private final Map<String, StructuralSchema> properties = new LinkedHashMap<>();
    private final @Nullable StructuralSchema items;
    private final @Nullable StructuralSchema additionalProperties;
    private final @Nullable RuleChecker rules;

    private StructuralSchema(JsonNode schema, boolean isRoot) {
        this.schema = schema;
        schema.path("properties")
                .properties()
                .forEach(field -> properties.put(field.getKey(), new StructuralSchema(field.getValue(), false)));
        this.items = child("items");
        this.additionalProperties = child("additionalProperties");
        this.rules = isRoot ? RuleChecker.of(this) : null;
    }

    private @Nullable StructuralSchema child(String keyword) {
        return schema.path(keyword).isObject() ? new StructuralSchema(schema.get(keyword), false) : null;
    }

    /**
     * Reads a schema and compiles its CEL rules.
     *
     * @param openApi an {@code openAPIV3Schema}
     */
    public static StructuralSchema of(JsonNode openApi) {
        return new StructuralSchema(openApi, true);
    }

    /** Does in advance what only the first schema with rules has to wait for. */
    public static void loadCompiler() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
        schema.putArray("x-kubernetes-validations")
                .addObject()
                .put("rule", "has(self.a) ? self.a.all(x, x > 0) : true");
        schema.putObject("properties")
                .putObject("a")
                .put("type", "array")
                .putObject("items")
                .put("type", "integer");
        var _ = of(schema);
    }

    /**
     * What kube-apiserver would refuse in this schema of a CRD; the mistakes that people make, not all that it knows.
     *
     * @return paths are relative to the schema, for example {@code properties[spec].x-kubernetes-validations[0].rule}
     */
    public List<FieldError> problems() {
        return SchemaProblems.of(this, rules);
    }

    /** The schema as it was written. */
    public JsonNode openApi() {
        return schema;
    }

    /** Fills in defaults, in place; also for a null that the schema does not allow. */
    public void applyDefaults(ObjectNode object) {
        Defaults.fillIn(object, this);
    }

    /**
     * Removes nulls that the schema does not allow and for which it has no default, in place. Kubernetes does so to what
     * it decodes; what is applied is not decoded but merged, and such a null is refused by validation.
     */
    public void dropForbiddenNulls(ObjectNode object) {
        Defaults.dropForbiddenNulls(object, this);
    }

    /**
     * Removes what the schema does not know, in place.
     *
     * @return the paths of the removed fields, for example {@code spec.containers[0].colour}
     */
    public List<String> prune(ObjectNode object) {
        List<String> removed = new ArrayList<>();
        Pruning.pruneRoot(object, this, removed);
        Collections.sort(removed);
        return removed;
    }

    /**
     * What is wrong with an object, in kube-apiserver's words and order, ratcheting included.
     *
     * @param old the object before the change; null for a new one
     */
    public List<FieldError> validate(ObjectNode object, @Nullable ObjectNode old) {
        return validate(object, old, List.of(), List.of());
    }

    /**
     * The same, together with what others found: both take part in the decision whether rules are evaluated.
     *
     * @param metadataErrors what is wrong with the metadata; told first
     * @param scaleErrors    what is wrong with the fields that the scale subresource names; told in the middle
     */
    public List<FieldError> validate(
            ObjectNode object,
            @Nullable ObjectNode old,
            List<FieldError> metadataErrors,
            List<FieldError> scaleErrors) {
        Correlation change = old == null ? null : new Correlation(object, old, this);
        List<FieldError> errors = new ArrayList<>(metadataErrors);
        errors.addAll(ValueValidation.of(object, change, "", this));
        return withInvariants(object, old, errors, scaleErrors);
    }

    /** What is wrong with a write to the status subresource: only the status is judged by the schema. */
    public List<FieldError> validateStatus(
            ObjectNode object, ObjectNode old, List<FieldError> metadataErrors, List<FieldError> scaleErrors) {
        List<FieldError> errors = new ArrayList<>(metadataErrors);
        StructuralSchema status = property("status");
        JsonNode value = object.get("status");
        if (status != null && value != null) {
            JsonNode oldValue = old.get("status");
            Correlation change = oldValue == null ? null : new Correlation(value, oldValue, status);
            errors.addAll(ValueValidation.of(value, change, "status", status));
        }
        return withInvariants(object, old, errors, scaleErrors);
    }

    private List<FieldError> withInvariants(
            ObjectNode object, @Nullable ObjectNode old, List<FieldError> errors, List<FieldError> scaleErrors) {
        errors.addAll(scaleErrors);
        EmbeddedResources.check("", object, this, errors);
        if (old == null || ListInvariants.of(old, this).isEmpty()) {
            errors.addAll(ListInvariants.of(object, this));
        }
        if (rules != null) {
            errors.addAll(rules.check(object, old, errors));
        }
        return errors;
    }

    /** The schema of a declared field; null when there is none of that name. */
    public @Nullable StructuralSchema property(String name) {
        return properties.get(name);
    }

    /** Declared fields in the order in which they were written. */
    public Map<String, StructuralSchema> properties() {
        return Collections.unmodifiableMap(properties);
    }

    /** The schema of a list's items. */
    public @Nullable StructuralSchema items() {
        return items;
    }

    /** The schema of a map's values; null also where {@code additionalProperties} is only true. */
    public @Nullable StructuralSchema additionalProperties() {
        return additionalProperties;
    }

    /** {@code object}, {@code array}, {@code string}, {@code integer}, {@code number}, {@code boolean}; empty for any. */
    public String type() {
        return schema.path("type").asText("");
    }

    /** {@code atomic}, {@code set} or {@code map}; empty when not said, which means atomic. */
    public String listType() {
        return schema.path("x-kubernetes-list-type").asText("");
    }

    /** {@code granular} or {@code atomic}; empty when not said, which means granular. */
    public String mapType() {
        return schema.path("x-kubernetes-map-type").asText("");
    }

    /** The fields that identify an item of a list map. */
    public List<String> listMapKeys() {
        List<String> keys = new ArrayList<>();
        schema.path("x-kubernetes-list-map-keys").forEach(key -> keys.add(key.asText()));
        return keys;
    }

    /** Whether unknown fields are kept. */
    public boolean preservesUnknownFields() {
        return schema.path("x-kubernetes-preserve-unknown-fields").asBoolean();
    }

    /** Whether an integer and a string are both right. */
    public boolean isIntOrString() {
        return schema.path("x-kubernetes-int-or-string").asBoolean();
    }

    /** Whether the value is a Kubernetes object of its own, with apiVersion, kind and metadata. */
    public boolean isEmbeddedResource() {
        return schema.path("x-kubernetes-embedded-resource").asBoolean();
    }

    /** Whether null is a value. */
    public boolean isNullable() {
        return schema.path("nullable").asBoolean();
    }
}
