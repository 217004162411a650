package dev.lightkeeper.simulators.kubernetes.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.resource.CustomKinds;
import dev.lightkeeper.simulators.kubernetes.resource.DefinedSchemas;
import dev.lightkeeper.simulators.kubernetes.resource.Kinds;
import dev.lightkeeper.simulators.kubernetes.resource.MetadataRules;
import dev.lightkeeper.simulators.kubernetes.resource.ResourceType;
import dev.lightkeeper.simulators.kubernetes.resource.Trait;
import dev.lightkeeper.simulators.kubernetes.storage.Store;
import dev.lightkeeper.simulators.kubernetes.wire.ApiFailure;
import dev.lightkeeper.simulators.kubernetes.wire.ApiFailure.Cause;
import dev.lightkeeper.simulators.kubernetes.wire.GroupResource;
import dev.lightkeeper.simulators.kubernetes.wire.Trees;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What objects contain each other: namespaces their objects, and CRDs their instances. */
final class Lifecycle {
    static final GroupResource NAMESPACES = new GroupResource("", "namespaces");

    private final Store store;
    private final Kinds kinds;
    private final DefinedSchemas schemas;
    private final Clock clock;

    Lifecycle(Store store, Kinds kinds, DefinedSchemas schemas, Clock clock) {
        this.store = store;
        this.kinds = kinds;
        this.schemas = schemas;
        this.clock = clock;
    }

    /** The time of a write, in the precision that metadata has. */
    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    /** Refuses a new object whose container is missing or going. */
    void admitCreate(ResourceType type, String namespace, String name) {
        if (type.is(Trait.NAMESPACED)) {
            ObjectNode container = store.get(NAMESPACES, namespace);
            if (container == null) {
                throw ApiFailure.notFound(NAMESPACES, namespace);
            }
            if (isGoing(container)) {
                throw ApiFailure.forbidden(
                        type.resource(),
                        name,
                        "unable to create new content in namespace " + namespace + " because it is being terminated",
                        List.of(new Cause(
                                "NamespaceTerminating",
                                "metadata.namespace",
                                "namespace " + namespace + " is being terminated")));
            }
        }
        if (!type.is(Trait.BUILT_IN)) {
            ObjectNode definition =
                    store.get(CustomKinds.DEFINITIONS, type.resource().toString());
            if (definition != null && isGoing(definition)) {
                throw ApiFailure.forbidden(
                        type.resource(),
                        name,
                        "create not allowed while custom resource definition is terminating",
                        List.of());
            }
        }
    }

    /** Follows a write. */
    void written(GroupResource resource, ObjectNode object) {
        if (resource.equals(CustomKinds.DEFINITIONS)) {
            kinds.define(name(object), CustomKinds.of(object, schemas));
        }
    }

    /** Follows a removal. */
    void removed(GroupResource resource, ObjectNode object) {
        if (resource.equals(CustomKinds.DEFINITIONS)) {
            kinds.undefine(name(object));
        }
        String namespace = object.path("metadata").path("namespace").asText();
        ObjectNode container = namespace.isEmpty() ? null : store.get(NAMESPACES, namespace);
        if (container != null && isGoing(container)) {
            emptyNamespace(namespace);
        }
        ObjectNode definition = store.get(CustomKinds.DEFINITIONS, resource.toString());
        if (definition != null && isGoing(definition)) {
            emptyDefinition(resource.toString());
        }
    }

    /**
     * Marks an object as being deleted; false when somebody else was faster.
     *
     * @param finalizer to add; empty for none
     */
    boolean mark(GroupResource resource, String key, ObjectNode stored, String finalizer) {
        ObjectNode going = stored.deepCopy();
        ObjectNode metadata = Trees.child(going, "metadata");
        metadata.put("deletionTimestamp", now().toString()).put("deletionGracePeriodSeconds", 0);
        if (metadata.has("generation")) {
            metadata.put("generation", metadata.path("generation").asInt() + 1);
        }
        if (!finalizer.isEmpty()) {
            metadata.withArrayProperty("finalizers").add(finalizer);
        }
        if (resource.equals(NAMESPACES)) {
            metadata.remove("deletionGracePeriodSeconds");
            Trees.child(going, "status").put("phase", "Terminating");
        }
        if (resource.equals(CustomKinds.DEFINITIONS)) {
            metadata.withArrayProperty("finalizers").add(CustomKinds.CLEANUP);
            CustomKinds.terminate(going, now());
        }
        return store.put(resource, key, stored, going);
    }

    /** Deletes an object as far as its finalizers allow. */
    void sweep(GroupResource resource, String key) {
        while (true) {
            ObjectNode stored = store.get(resource, key);
            if (stored == null) {
                return;
            }
            if (!stored.path("metadata").path("finalizers").isEmpty()) {
                if (isGoing(stored) || mark(resource, key, stored, "")) {
                    return;
                }
            } else if (store.remove(resource, key, stored)) {
                return;
            }
        }
    }

    /** Deletes what is in a namespace that is going, and the namespace when nothing is left. */
    void emptyNamespace(String namespace) {
        for (GroupResource resource : store.resourcesIn(namespace)) {
            store.list(resource, namespace + "/").objects().keySet().forEach(key -> sweep(resource, key));
        }
        removeContainer(NAMESPACES, namespace, store.resourcesIn(namespace).isEmpty());
    }

    /** Deletes the instances of a CRD that is going, and the CRD when none is left. */
    void emptyDefinition(String name) {
        ObjectNode definition = store.get(CustomKinds.DEFINITIONS, name);
        if (definition == null) {
            return;
        }
        GroupResource instances = CustomKinds.resource(definition);
        for (Map.Entry<String, ObjectNode> instance :
                store.list(instances, "").objects().entrySet()) {
            sweep(instances, instance.getKey());
        }
        removeContainer(
                CustomKinds.DEFINITIONS,
                name,
                store.list(instances, "").objects().isEmpty());
    }

    private void removeContainer(GroupResource resource, String name, boolean empty) {
        if (empty) {
            release(resource, name, CustomKinds.CLEANUP);
        }
    }

    /** Takes a finalizer off an object that is going, and removes the object when that was the last. */
    void release(GroupResource resource, String key, String finalizer) {
        while (true) {
            ObjectNode stored = store.get(resource, key);
            if (stored == null || !isGoing(stored)) {
                return;
            }
            ObjectNode released = stored.deepCopy();
            List<String> left = new ArrayList<>(
                    MetadataRules.strings(released.path("metadata").path("finalizers")));
            boolean held = left.remove(finalizer);
            if (left.isEmpty() && store.remove(resource, key, stored)) {
                removed(resource, stored);
                return;
            }
            Trees.child(released, "metadata").set("finalizers", Trees.strings(left));
            if (!left.isEmpty() && (!held || store.put(resource, key, stored, released))) {
                return;
            }
        }
    }

    static boolean isGoing(@Nullable JsonNode object) {
        return object != null && object.path("metadata").has("deletionTimestamp");
    }

    private static String name(JsonNode object) {
        return object.path("metadata").path("name").asText();
    }
}
