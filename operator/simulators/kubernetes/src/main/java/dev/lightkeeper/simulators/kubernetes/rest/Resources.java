package dev.lightkeeper.simulators.kubernetes.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.http.Answer;
import dev.lightkeeper.simulators.kubernetes.http.Request;
import dev.lightkeeper.simulators.kubernetes.http.Target;
import dev.lightkeeper.simulators.kubernetes.resource.BuiltIns;
import dev.lightkeeper.simulators.kubernetes.resource.DefinedSchemas;
import dev.lightkeeper.simulators.kubernetes.resource.Kinds;
import dev.lightkeeper.simulators.kubernetes.resource.ResourceType;
import dev.lightkeeper.simulators.kubernetes.resource.Trait;
import dev.lightkeeper.simulators.kubernetes.storage.Store;
import dev.lightkeeper.simulators.kubernetes.wire.ApiFailure;
import dev.lightkeeper.simulators.kubernetes.wire.Trees;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Every request about a resource comes through here. */
public final class Resources {
    private static final Set<String> READS = Set.of("get", "list", "watch");

    private final Kinds kinds;
    private final Store store;
    private final Lifecycle lifecycle;
    private final Writes writes;
    private final PatchRequests patches;
    private final Reads reads;
    private final Watches watches;
    private final Deletions deletions;
    private final Scales scales;

    /**
     * Serves what is in a store.
     *
     * @param builtIns whose bodies may be protobuf, and whose metadata all kinds share
     */
    public Resources(Kinds kinds, Store store, BuiltIns builtIns, Clock clock) {
        this.kinds = kinds;
        this.store = store;
        DefinedSchemas schemas = new DefinedSchemas();
        this.lifecycle = new Lifecycle(store, kinds, schemas, clock);
        Decoder decoder = new Decoder(builtIns);
        this.writes = new Writes(store, lifecycle, decoder, schemas);
        this.patches = new PatchRequests(writes, store, decoder);
        this.reads = new Reads(store, lifecycle);
        this.watches = new Watches(store, lifecycle);
        this.deletions = new Deletions(store, lifecycle, decoder);
        this.scales = new Scales(store, writes, clock);
    }

    /** Makes the namespaces that every cluster begins with. */
    public void createFirstNamespaces() {
        ResourceType namespaces = kinds.find(Lifecycle.NAMESPACES).orElseThrow();
        Instant now = lifecycle.now();
        for (String name : List.of("kube-system", "kube-public", "kube-node-lease", "default")) {
            ObjectNode namespace = Trees.object().put("kind", "Namespace").put("apiVersion", "v1");
            namespace
                    .putObject("metadata")
                    .put("name", name)
                    .put("uid", UUID.randomUUID().toString())
                    .put("creationTimestamp", now.toString());
            BuiltInRules.complete(namespaces, namespace, now);
            var _ = store.put(Lifecycle.NAMESPACES, name, null, namespace);
        }
    }

    /** Serves a request; empty when there is no such resource. */
    public Optional<Answer> answer(Request request, Target target) {
        return kinds.find(target.group(), target.version(), target.resource())
                .filter(type -> isAt(type, target))
                .map(type -> warned(Call.of(request, target, type)));
    }

    /** A refusal carries the warnings that came up before it, too. */
    private Answer warned(Call call) {
        try {
            return answer(call);
        } catch (ApiFailure failure) {
            return call.answer(failure.code(), failure.status());
        }
    }

    private static boolean isAt(ResourceType type, Target target) {
        boolean namespaced = type.is(Trait.NAMESPACED);
        return namespaced
                ? !target.namespace().isEmpty() || target.name().isEmpty()
                : target.namespace().isEmpty();
    }

    private Answer answer(Call call) {
        if (!READS.contains(call.target().verb())) {
            call.checkOptions();
        }
        return switch (call.target().subresource()) {
            case "" -> main(call);
            case "status" -> call.type().is(Trait.STATUS) ? status(call) : throwNotServed(call);
            case "scale" -> call.type().scale() != null ? scale(call) : throwNotServed(call);
            case "finalize" -> call.target().verb().equals("update") ? writes.replace(call) : throwNotServed(call);
            default -> throwNotServed(call);
        };
    }

    private Answer main(Call call) {
        return switch (call.target().verb()) {
            case "get" -> reads.get(call);
            case "list" -> reads.list(call);
            case "watch" -> watches.watch(named(call));
            case "create" -> creatable(call);
            case "update" -> call.target().name().isEmpty() ? nameless(call) : writes.replace(call);
            case "patch" -> call.target().name().isEmpty() ? throwNotAllowed() : patches.patch(call);
            case "delete" -> deletions.delete(call);
            case "deletecollection" -> deletions.deleteCollection(call);
            default -> throwNotAllowed();
        };
    }

    /** Custom resources are served by other code of kube-apiserver, which minds less. */
    private Answer creatable(Call call) {
        boolean inNamespace =
                !call.type().is(Trait.NAMESPACED) || !call.target().namespace().isEmpty();
        boolean onCollection = call.target().name().isEmpty() || !call.type().is(Trait.BUILT_IN);
        return inNamespace && onCollection ? writes.create(call) : throwNotAllowed();
    }

    private static Answer nameless(Call call) {
        throw call.type().is(Trait.BUILT_IN)
                ? ApiFailure.methodNotAllowed()
                : ApiFailure.badRequest("name must be provided");
    }

    /** A watch on a name is one on the collection that selects the name. */
    private static Call named(Call call) {
        if (!call.target().name().isEmpty()) {
            call.request()
                    .query()
                    .put(
                            "fieldSelector",
                            List.of("metadata.name=" + call.target().name()));
        }
        return call;
    }

    private Answer status(Call call) {
        return switch (call.target().verb()) {
            case "get" -> reads.get(call);
            case "update" -> writes.replace(call);
            case "patch" -> patches.patch(call);
            default -> throwNotSupported(call);
        };
    }

    private Answer scale(Call call) {
        return switch (call.target().verb()) {
            case "get" -> scales.get(call);
            case "update" -> scales.replace(call);
            case "patch" -> scales.patch(call);
            default -> throwNotSupported(call);
        };
    }

    private static Answer throwNotAllowed() {
        throw ApiFailure.methodNotAllowed();
    }

    private static Answer throwNotSupported(Call call) {
        throw call.type().is(Trait.BUILT_IN)
                ? ApiFailure.methodNotAllowed()
                : ApiFailure.notSupported(call.type().resource(), call.target().verb());
    }

    private static Answer throwNotServed(Call call) {
        throw call.type().is(Trait.BUILT_IN) ? ApiFailure.notServed() : call.notFound();
    }
}
