package dev.lightkeeper.simulators.kubernetes.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.http.Answer;
import dev.lightkeeper.simulators.kubernetes.resource.CustomKinds;
import dev.lightkeeper.simulators.kubernetes.resource.Trait;
import dev.lightkeeper.simulators.kubernetes.storage.Store;
import dev.lightkeeper.simulators.kubernetes.wire.ApiFailure;
import dev.lightkeeper.simulators.kubernetes.wire.ApiFailure.Cause;
import dev.lightkeeper.simulators.kubernetes.wire.GroupResource;
import dev.lightkeeper.simulators.kubernetes.wire.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Deletes objects, alone and in collections. */
final class Deletions {
    private static final Set<String> PERMANENT_NAMESPACES = Set.of("default", "kube-system", "kube-public");

    /** By which the garbage collector would be told to look after dependents first. */
    private static final Map<String, String> FINALIZERS =
            Map.of("Foreground", "foregroundDeletion", "Orphan", "orphan", "Background", "");

    private final Store store;
    private final Lifecycle lifecycle;
    private final Decoder decoder;

    Deletions(Store store, Lifecycle lifecycle, Decoder decoder) {
        this.decoder = decoder;
        this.store = store;
        this.lifecycle = lifecycle;
    }

    /** What became of an object. */
    private record Deleted(ObjectNode object, boolean gone) {}

    Answer delete(Call call) {
        ObjectNode options = options(call);
        Deleted deleted = delete(call, call.key(), call.target().name(), options);
        if (!deleted.gone() || call.type().is(Trait.RETURNS_DELETED)) {
            return call.answer(200, deleted.object());
        }
        ObjectNode status = ApiFailure.status("Success");
        ObjectNode details =
                status.putObject("details").put("name", call.target().name());
        GroupResource resource = call.type().resource();
        if (!resource.group().isEmpty()) {
            details.put("group", resource.group());
        }
        details.put("kind", resource.resource())
                .set("uid", deleted.object().path("metadata").path("uid"));
        return call.answer(200, status);
    }

    Answer deleteCollection(Call call) {
        ObjectNode options = options(call);
        Predicate<JsonNode> selection = call.selection();
        List<ObjectNode> objects = new ArrayList<>();
        var all = store.list(call.type().storedAs().resource(), call.keyPrefix());
        for (Map.Entry<String, ObjectNode> entry : all.objects().entrySet()) {
            ObjectNode object = call.type().served(entry.getValue());
            if (selection.test(object)) {
                String name = object.path("metadata").path("name").asText();
                try {
                    objects.add(delete(call, entry.getKey(), name, options).object());
                } catch (ApiFailure failure) {
                    if (failure.code() != 404) {
                        throw failure;
                    }
                }
            }
        }
        ObjectNode metadata = Trees.object().put("resourceVersion", Long.toString(store.revision()));
        return call.answer(200, View.OBJECT.list(call, objects, metadata, lifecycle.now()));
    }

    /** The options in the body, and those in the URL when there is none. */
    private ObjectNode options(Call call) {
        ObjectNode options = decoder.deleteOptions(call) instanceof ObjectNode given ? given : Trees.object();
        if (options.isEmpty()) {
            for (String option : List.of("propagationPolicy", "orphanDependents")) {
                if (!call.request().parameter(option).isEmpty()) {
                    options.put(option, call.request().parameter(option));
                }
            }
        }
        String policy = options.path("propagationPolicy").asText();
        if (!policy.isEmpty() && options.has("orphanDependents")) {
            throw invalidOptions(Cause.invalid(
                    "propagationPolicy", policy, "orphanDependents and deletionPropagation cannot be both set"));
        }
        if (!policy.isEmpty() && !FINALIZERS.containsKey(policy)) {
            throw invalidOptions(new Cause(
                    "FieldValueNotSupported",
                    "propagationPolicy",
                    "Unsupported value: \"" + policy
                            + "\": supported values: \"Foreground\", \"Background\", \"Orphan\"," + " \"nil\""));
        }
        return options;
    }

    private static ApiFailure invalidOptions(Cause cause) {
        return ApiFailure.invalid("meta.k8s.io", "DeleteOptions", "", List.of(cause));
    }

    private Deleted delete(Call call, String key, String name, JsonNode options) {
        GroupResource resource = call.type().storedAs().resource();
        if (resource.equals(Lifecycle.NAMESPACES) && PERMANENT_NAMESPACES.contains(name)) {
            throw ApiFailure.forbidden(resource, name, "this namespace may not be deleted", List.of());
        }
        boolean dryRun =
                call.dryRun() || options.path("dryRun").path(0).asText().equals("All");
        while (true) {
            ObjectNode stored = store.get(resource, key);
            if (stored == null) {
                throw ApiFailure.notFound(call.type().resource(), name);
            }
            checkPreconditions(call, name, stored, options.path("preconditions"));
            boolean container = resource.equals(Lifecycle.NAMESPACES) || resource.equals(CustomKinds.DEFINITIONS);
            String collector =
                    FINALIZERS.getOrDefault(options.path("propagationPolicy").asText(), "");
            boolean held = container
                    || !collector.isEmpty()
                    || !stored.path("metadata").path("finalizers").isEmpty();
            if (dryRun || (Lifecycle.isGoing(stored) && held)) {
                return new Deleted(call.type().served(stored), !held);
            }
            if (held) {
                if (lifecycle.mark(resource, key, stored, collector)) {
                    return new Deleted(call.type().served(afterMark(resource, key, stored, collector)), false);
                }
            } else if (store.remove(resource, key, stored)) {
                lifecycle.removed(resource, stored);
                return new Deleted(call.type().served(stored), true);
            }
        }
    }

    private ObjectNode afterMark(GroupResource resource, String key, ObjectNode before, String collector) {
        ObjectNode marked = store.get(resource, key);
        if (resource.equals(Lifecycle.NAMESPACES)) {
            lifecycle.emptyNamespace(key);
        } else if (resource.equals(CustomKinds.DEFINITIONS)) {
            lifecycle.emptyDefinition(key);
        } else if (!collector.isEmpty()) {
            lifecycle.release(resource, key, collector);
        }
        return marked == null ? before : marked;
    }

    private static void checkPreconditions(Call call, String name, ObjectNode stored, JsonNode preconditions) {
        JsonNode metadata = stored.path("metadata");
        JsonNode uid = preconditions.path("uid");
        GroupResource kind = new GroupResource(
                call.type().resource().group(), call.type().names().kind());
        if (uid.isTextual() && !uid.equals(metadata.path("uid"))) {
            throw ApiFailure.conflict(
                    kind,
                    name,
                    "the UID in the precondition (%s) does not match the UID in record (%s). The object might have been"
                                    .formatted(
                                            uid.asText(), metadata.path("uid").asText())
                            + " deleted and then recreated");
        }
        JsonNode version = preconditions.path("resourceVersion");
        if (version.isTextual() && !version.equals(metadata.path("resourceVersion"))) {
            throw ApiFailure.conflict(
                    kind,
                    name,
                    "the ResourceVersion in the precondition (%s) does not match the ResourceVersion in record (%s). The"
                                    .formatted(
                                            version.asText(),
                                            metadata.path("resourceVersion").asText())
                            + " object might have been modified");
        }
    }
}
