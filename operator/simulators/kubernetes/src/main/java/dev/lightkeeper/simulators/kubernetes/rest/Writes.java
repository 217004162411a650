package dev.lightkeeper.simulators.kubernetes.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.apply.FieldManagement;
import dev.lightkeeper.simulators.kubernetes.apply.FieldManagement.Writer;
import dev.lightkeeper.simulators.kubernetes.http.Answer;
import dev.lightkeeper.simulators.kubernetes.resource.DefinedSchemas;
import dev.lightkeeper.simulators.kubernetes.resource.MetadataRules;
import dev.lightkeeper.simulators.kubernetes.resource.ResourceType;
import dev.lightkeeper.simulators.kubernetes.resource.Trait;
import dev.lightkeeper.simulators.kubernetes.schema.FieldError;
import dev.lightkeeper.simulators.kubernetes.storage.Store;
import dev.lightkeeper.simulators.kubernetes.wire.ApiFailure;
import dev.lightkeeper.simulators.kubernetes.wire.ApiFailure.Cause;
import dev.lightkeeper.simulators.kubernetes.wire.GroupResource;
import dev.lightkeeper.simulators.kubernetes.wire.Trees;
import dev.lightkeeper.simulators.kubernetes.wire.Trees.Parsed;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Creates and changes objects. A change that somebody else overtakes is made again on what is there then. */
final class Writes {
    private static final String NAME_LETTERS = "bcdfghjklmnpqrstvwxz2456789";
    private static final int LONGEST_GENERATED_BASE = 58;
    private static final int NAME_ATTEMPTS = 8;
    private static final List<String> RESTORED = List.of("creationTimestamp", "generation", "resourceVersion");
    private static final List<String> DELETION = List.of("deletionTimestamp", "deletionGracePeriodSeconds");

    private final Store store;
    private final Lifecycle lifecycle;
    private final Decoder decoder;
    private final DefinedSchemas schemas;
    private final SecureRandom random = new SecureRandom();

    Writes(Store store, Lifecycle lifecycle, Decoder decoder, DefinedSchemas schemas) {
        this.store = store;
        this.lifecycle = lifecycle;
        this.decoder = decoder;
        this.schemas = schemas;
    }

    /** An object to write, and whether its managedFields are right already. */
    record Wanted(ObjectNode object, boolean applied) {}

    Answer create(Call call) {
        Parsed parsed = decoder.object(call);
        ObjectNode object = (ObjectNode) parsed.root();
        decoder.settle(call, object, parsed.duplicates(), problem -> Decoder.cannotBeHandled(call, problem));
        return call.answer(201, Objects.requireNonNull(insert(call, new Wanted(object, false))));
    }

    Answer replace(Call call) {
        Parsed parsed = decoder.object(call);
        ObjectNode object = (ObjectNode) parsed.root();
        decoder.settle(call, object, parsed.duplicates(), problem -> Decoder.cannotBeHandled(call, problem));
        JsonNode metadata = object.path("metadata");
        String name = metadata.path("name").asText();
        checkName(call, name);
        checkNamespace(call, metadata);
        return call.answer(200, change(call, _ -> {
            requireVersion(call, metadata);
            return new Wanted(object.deepCopy(), false);
        }));
    }

    private static void requireVersion(Call call, JsonNode metadata) {
        if (metadata.path("resourceVersion").asText().isEmpty() && !call.type().is(Trait.BUILT_IN)) {
            throw ApiFailure.invalid(
                    call.type().resource().group(),
                    call.type().resource().resource(),
                    call.target().name(),
                    List.of(new Cause(
                            "FieldValueInvalid",
                            "metadata.resourceVersion",
                            "Invalid value: 0: must be specified for an update")));
        }
    }

    /** A change of a stored object: what it is to become, from what it is now. */
    interface Change {
        /** The object wanted. */
        Wanted from(ObjectNode live);
    }

    /** Changes an object until it is changed. */
    ObjectNode change(Call call, Change change) {
        while (true) {
            ObjectNode stored = store.get(call.type().storedAs().resource(), call.key());
            if (stored == null) {
                throw call.notFound();
            }
            ObjectNode live = call.type().served(stored);
            ObjectNode next = admitted(call, live, change.from(live.deepCopy()));
            ObjectNode committed = commit(call, stored, live, next);
            if (committed != null) {
                return committed;
            }
        }
    }

    /** Stores a new object; null when it is applied and somebody else was faster, so that it is to be changed now. */
    @Nullable
    ObjectNode insert(Call call, Wanted wanted) {
        ResourceType type = call.type();
        ObjectNode object = wanted.object();
        ObjectNode metadata = Trees.child(object, "metadata");
        checkNamespace(call, metadata);
        if (!metadata.path("resourceVersion").asText().isEmpty()) {
            throw ApiFailure.of(500, "", "resourceVersion should not be set on objects to be created");
        }
        boolean generated = metadata.path("name").asText().isEmpty() && metadata.has("generateName");
        if (generated) {
            metadata.put("name", generatedName(metadata.path("generateName").asText()));
        }
        String name = metadata.path("name").asText();
        lifecycle.admitCreate(type, call.target().namespace(), name);
        metadata.remove(List.of("deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "generation"));
        metadata.put("uid", UUID.randomUUID().toString())
                .put("creationTimestamp", lifecycle.now().toString());
        if (type.is(Trait.NAMESPACED)) {
            metadata.put("namespace", call.target().namespace());
        }
        if (!wanted.applied()) {
            type.schema().dropForbiddenNulls(object);
        }
        type.schema().applyDefaults(object);
        if (type.is(Trait.STATUS)) {
            object.remove("status");
        }
        BuiltInRules.complete(type, object, lifecycle.now());
        if (!MetadataRules.ownerFaults(metadata).isEmpty()) {
            validate(call, object, null);
        }
        ObjectNode next = wanted.applied() ? object : FieldManagement.update(null, object, writer(call), type.schema());
        if (type.is(Trait.GENERATION)) {
            Trees.child(next, "metadata").put("generation", 1);
        }
        type.schema().applyDefaults(next);
        if (type.is(Trait.BUILT_IN) && type.is(Trait.STATUS)) {
            var _ = Trees.child(next, "status");
        }
        validate(call, next, null);
        GroupResource storage = type.storedAs().resource();
        String key = type.key(call.target().namespace(), name);
        for (int attempt = 1; ; attempt++) {
            if (call.dryRun() && store.get(storage, key) == null) {
                return next;
            }
            BuiltInRules.fillIn(type, next);
            ObjectNode stored = type.stored(next);
            if (!call.dryRun() && store.put(storage, key, null, stored)) {
                lifecycle.written(storage, stored);
                return type.served(stored);
            }
            if (wanted.applied()) {
                return null;
            }
            if (!generated || attempt == NAME_ATTEMPTS) {
                throw ApiFailure.alreadyExists(type.resource(), name, Lifecycle.isGoing(store.get(storage, key)));
            }
            name = generatedName(metadata.path("generateName").asText());
            Trees.child(next, "metadata").put("name", name);
            key = type.key(call.target().namespace(), name);
        }
    }

    Writer writer(Call call) {
        return new Writer(
                call.manager(),
                call.type().apiVersion(),
                call.target().subresource(),
                lifecycle.now(),
                call.type().is(Trait.STATUS));
    }

    private ObjectNode admitted(Call call, ObjectNode live, Wanted wanted) {
        ResourceType type = call.type();
        ObjectNode object = wanted.object();
        ObjectNode metadata = Trees.child(object, "metadata");
        JsonNode old = live.path("metadata");
        checkPreconditions(call, metadata, old);
        for (String field : RESTORED) {
            Trees.setOrRemove(metadata, field, old.path(field));
        }
        DELETION.stream().filter(old::has).forEach(field -> metadata.set(field, old.path(field)));
        if (metadata.path("uid").asText().isEmpty()) {
            metadata.set("uid", old.path("uid"));
        }
        if (type.is(Trait.NAMESPACED)) {
            metadata.set("namespace", old.path("namespace"));
        }
        if (!MetadataRules.ownerFaults(metadata).isEmpty()) {
            validate(call, object, live);
        }
        ObjectNode next = ofSubresource(call, live, object);
        BuiltInRules.complete(type, next, lifecycle.now());
        if (!wanted.applied()) {
            type.schema().dropForbiddenNulls(next);
        }
        type.schema().applyDefaults(next);
        if (call.target().subresource().equals("scale") && type.scale() != null) {
            next = FieldManagement.updateScale(
                    live, next, writer(call), type.scale().specReplicas());
        } else if (!wanted.applied()) {
            next = FieldManagement.update(live, next, writer(call), type.schema());
        }
        if (type.is(Trait.GENERATION) && !call.target().subresource().equals("status")) {
            Set<String> ignored = type.is(Trait.BUILT_IN) ? Set.of("metadata", "status") : Set.of("metadata");
            if (MetadataRules.contentDiffers(live, next, ignored)) {
                Trees.child(next, "metadata")
                        .put("generation", old.path("generation").asInt() + 1);
            }
        }
        validate(call, next, live);
        BuiltInRules.fillIn(type, next);
        return next;
    }

    private static ObjectNode ofSubresource(Call call, ObjectNode live, ObjectNode wanted) {
        if (call.target().subresource().equals("status")) {
            ObjectNode next = live.deepCopy();
            Trees.setOrRemove(next, "status", wanted.path("status"));
            Trees.setOrRemove(
                    Trees.child(next, "metadata"),
                    "managedFields",
                    wanted.path("metadata").path("managedFields"));
            return next;
        }
        if (call.type().is(Trait.STATUS)) {
            Trees.setOrRemove(wanted, "status", live.path("status"));
        }
        return wanted;
    }

    private static void checkPreconditions(Call call, JsonNode metadata, JsonNode old) {
        checkVersion(call, metadata, old);
        String uid = metadata.path("uid").asText();
        if (call.target().verb().equals("update")
                && !uid.isEmpty()
                && !uid.equals(old.path("uid").asText())) {
            throw ApiFailure.conflict(
                    call.type().resource(),
                    call.target().name(),
                    "Precondition failed: UID in precondition: %s, UID in object meta: %s"
                            .formatted(uid, old.path("uid").asText()));
        }
    }

    private void validate(Call call, ObjectNode object, @Nullable ObjectNode old) {
        ResourceType type = call.type();
        JsonNode metadata = object.path("metadata");
        JsonNode oldMetadata = old == null ? MissingNode.getInstance() : old.path("metadata");
        List<Cause> aboutMetadata = new ArrayList<>();
        if (old == null) {
            aboutMetadata.addAll(MetadataRules.onCreate(type, metadata));
        } else {
            // kube-apiserver checks a change of metadata twice, and tells it twice.
            aboutMetadata.addAll(MetadataRules.onUpdate(type, metadata, oldMetadata));
            aboutMetadata.addAll(MetadataRules.onUpdate(type, metadata, oldMetadata));
        }
        List<FieldError> metadataErrors = aboutMetadata.stream()
                .map(cause -> new FieldError(cause.reason(), cause.field(), cause.message()))
                .toList();
        List<FieldError> scaleErrors = Scales.faults(type, object);
        boolean status = call.target().subresource().equals("status") && !type.is(Trait.BUILT_IN);
        List<FieldError> errors = old != null && status
                ? type.schema().validateStatus(object, old, metadataErrors, scaleErrors)
                : type.schema().validate(object, old, metadataErrors, scaleErrors);
        List<Cause> causes = new ArrayList<>();
        errors.forEach(error -> causes.add(new Cause(error.reason(), error.field(), error.message())));
        causes.addAll(BuiltInRules.faults(type, object, old, schemas));
        if (!causes.isEmpty()) {
            throw call.invalid(metadata.path("name").asText(), causes);
        }
        if (!type.is(Trait.BUILT_IN)) {
            call.warnings().addAll(MetadataRules.finalizerWarnings(metadata, oldMetadata));
        }
    }

    /** Stores a change; null when somebody else was faster. */
    private @Nullable ObjectNode commit(Call call, ObjectNode stored, ObjectNode live, ObjectNode next) {
        ResourceType type = call.type();
        GroupResource storage = type.storedAs().resource();
        boolean released = Lifecycle.isGoing(next)
                && next.path("metadata").path("finalizers").isEmpty()
                && !storage.equals(Lifecycle.NAMESPACES);
        if (call.dryRun()) {
            return next;
        }
        if (released) {
            if (!store.remove(storage, call.key(), stored)) {
                return null;
            }
            lifecycle.removed(storage, stored);
            return next;
        }
        if (withoutTimes(next).equals(withoutTimes(live))) {
            return live;
        }
        ObjectNode object = type.stored(next);
        if (!store.put(storage, call.key(), stored, object)) {
            return null;
        }
        lifecycle.written(storage, object);
        if (storage.equals(Lifecycle.NAMESPACES) && Lifecycle.isGoing(object)) {
            lifecycle.emptyNamespace(call.target().name());
        }
        return type.served(object);
    }

    /** A write that changes nothing but the time at which somebody wrote is none. */
    private static ObjectNode withoutTimes(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        copy.path("metadata").path("managedFields").forEach(entry -> ((ObjectNode) entry).remove("time"));
        return copy;
    }

    /** Refuses a write by somebody who has read something older. */
    static void checkVersion(Call call, JsonNode metadata, JsonNode old) {
        String version = metadata.path("resourceVersion").asText();
        if (!version.isEmpty() && !version.matches("\\d{1,19}")) {
            throw ApiFailure.of(500, "", "strconv.ParseUint: parsing \"" + version + "\": invalid syntax");
        }
        boolean any = version.isEmpty() || version.equals("0");
        if (!any && !version.equals(old.path("resourceVersion").asText())) {
            throw ApiFailure.modified(call.type().resource(), call.target().name());
        }
    }

    static void checkName(Call call, String name) {
        String wanted = call.target().name();
        if (!name.equals(wanted)) {
            throw ApiFailure.badRequest(
                    name.isEmpty()
                            ? "the name of the object (%s based on URL) was undeterminable: name must be provided"
                                    .formatted(wanted)
                            : "the name of the object (%s) does not match the name on the URL (%s)"
                                    .formatted(name, wanted));
        }
    }

    static void checkNamespace(Call call, JsonNode metadata) {
        String namespace = metadata.path("namespace").asText();
        if (call.type().is(Trait.NAMESPACED)
                && !namespace.isEmpty()
                && !namespace.equals(call.target().namespace())) {
            throw ApiFailure.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
    }

    private String generatedName(String base) {
        StringBuilder name = new StringBuilder(base.substring(0, Math.min(base.length(), LONGEST_GENERATED_BASE)));
        for (int i = 0; i < 5; i++) {
            name.append(NAME_LETTERS.charAt(random.nextInt(NAME_LETTERS.length())));
        }
        return name.toString();
    }
}
