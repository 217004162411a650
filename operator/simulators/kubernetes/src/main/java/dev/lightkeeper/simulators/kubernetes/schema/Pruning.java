package dev.lightkeeper.simulators.kubernetes.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Removes unknown fields, and says which. */
final class Pruning {
    private static final Set<String> META = Set.of("apiVersion", "kind", "metadata");
    private static final Set<String> OBJECT_META = Set.of(
            "name",
            "generateName",
            "namespace",
            "selfLink",
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "labels",
            "annotations",
            "ownerReferences",
            "finalizers",
            "managedFields");

    private Pruning() {}

    static void pruneRoot(ObjectNode object, StructuralSchema schema, List<String> removed) {
        prune("", object, schema, true, removed);
    }

    /** Defaults are pruned as part of the object around them: there, too, an unknown field is dropped. */
    static void prune(
            String path, JsonNode value, @Nullable StructuralSchema schema, boolean isResource, List<String> removed) {
        if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                StructuralSchema items = schema == null ? null : schema.items();
                boolean keepsUnknown = schema != null && schema.preservesUnknownFields();
                if (items != null || !keepsUnknown) {
                    prune(path + "[" + i + "]", value.get(i), items, isEmbedded(items), removed);
                }
            }
        } else if (value instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : List.copyOf(object.properties())) {
                String name = field.getKey();
                String child = path.isEmpty() ? name : path + "." + name;
                StructuralSchema property = schema == null ? null : schema.property(name);
                if (isResource && META.contains(name)) {
                    pruneMetadata(child, name, field.getValue(), removed);
                } else if (property != null) {
                    prune(child, field.getValue(), property, property.isEmbeddedResource(), removed);
                } else if (schema != null && schema.openApi().has("additionalProperties")) {
                    pruneMapValue(child, field.getValue(), schema, removed);
                } else if (schema == null || !schema.preservesUnknownFields()) {
                    removed.add(child);
                    object.remove(name);
                }
            }
        }
    }

    private static void pruneMapValue(String path, JsonNode value, StructuralSchema schema, List<String> removed) {
        StructuralSchema values = schema.additionalProperties();
        prune(path, value, values, isEmbedded(values), removed);
    }

    private static boolean isEmbedded(@Nullable StructuralSchema schema) {
        return schema != null && schema.isEmbeddedResource();
    }

    private static void pruneMetadata(String path, String name, JsonNode value, List<String> removed) {
        if (name.equals("metadata") && value instanceof ObjectNode metadata) {
            metadata.properties().stream()
                    .map(Map.Entry::getKey)
                    .filter(field -> !OBJECT_META.contains(field))
                    .toList()
                    .forEach(field -> {
                        removed.add(path + "." + field);
                        metadata.remove(field);
                    });
        }
    }
}
