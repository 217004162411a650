package dev.lightkeeper.simulators.kubernetes.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.schema.StructuralSchema;
import dev.lightkeeper.simulators.kubernetes.wire.GroupResource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One kind in one version.
 *
 * @param resource   group and plural
 * @param version    for example {@code v1}
 * @param names      by which clients know it
 * @param traits     what holds for it
 * @param nameRule   what its objects may be called
 * @param scale      where the scale subresource finds its numbers; null when there is none
 * @param columns    printer columns without the name
 * @param selectable field selectors beyond those on metadata: label to path
 * @param schema     of its objects
 * @param openApi    the schema as clients are told it
 * @param storedAs   where and how its objects are stored
 */
public record ResourceType(
        GroupResource resource,
        String version,
        Names names,
        Set<Trait> traits,
        NameRule nameRule,
        @Nullable ScalePaths scale,
        List<Column> columns,
        Map<String, JsonPath> selectable,
        StructuralSchema schema,
        JsonNode openApi,
        StoredAs storedAs) {

    /**
     * Names of a kind.
     *
     * @param kind       for example {@code ConfigMap}
     * @param listKind   for example {@code ConfigMapList}
     * @param singular   for example {@code configmap}
     * @param shortNames for example {@code cm}
     * @param categories for example {@code all}
     */
    public record Names(
            String kind, String listKind, String singular, List<String> shortNames, List<String> categories) {}

    /**
     * Paths of the scale subresource.
     *
     * @param specReplicas   for example {@code .spec.replicas}
     * @param statusReplicas for example {@code .status.replicas}
     * @param selector       empty when there is none
     */
    public record ScalePaths(String specReplicas, String statusReplicas, String selector) {}

    /**
     * How a kind lies in storage, when it is another view of one that is stored already.
     *
     * @param resource of the stored kind
     * @param renames  top-level fields: stored name to served name
     */
    public record StoredAs(GroupResource resource, Map<String, String> renames) {}

    /** Group and version, as in an object's apiVersion. */
    public String apiVersion() {
        return resource.group().isEmpty() ? version : resource.group() + "/" + version;
    }

    /** Whether a trait holds. */
    public boolean is(Trait trait) {
        return traits.contains(trait);
    }

    /** The key in storage. */
    public String key(String namespace, String name) {
        return is(Trait.NAMESPACED) ? namespace + "/" + name : name;
    }

    /** A stored object in this version; a copy that may be changed. */
    public ObjectNode served(ObjectNode stored) {
        ObjectNode copy = stored.deepCopy();
        copy.put("apiVersion", apiVersion());
        storedAs.renames().forEach((from, to) -> rename(copy, from, to));
        return copy;
    }

    /** What to store for an object of this version; may be the object itself. */
    public ObjectNode stored(ObjectNode served) {
        if (storedAs.renames().isEmpty()) {
            return served;
        }
        ObjectNode copy = served.deepCopy();
        storedAs.renames().forEach((to, from) -> rename(copy, from, to));
        return copy;
    }

    private static void rename(ObjectNode object, String from, String to) {
        JsonNode value = object.remove(from);
        if (value != null) {
            object.set(to, value);
        }
    }
}
