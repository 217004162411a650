package dev.lightkeeper.simulators.kubernetes.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.apply.ApplyConflict;
import dev.lightkeeper.simulators.kubernetes.apply.FieldManagement;
import dev.lightkeeper.simulators.kubernetes.http.Answer;
import dev.lightkeeper.simulators.kubernetes.patch.PatchFailure;
import dev.lightkeeper.simulators.kubernetes.patch.Patches;
import dev.lightkeeper.simulators.kubernetes.resource.Trait;
import dev.lightkeeper.simulators.kubernetes.rest.Writes.Wanted;
import dev.lightkeeper.simulators.kubernetes.storage.Store;
import dev.lightkeeper.simulators.kubernetes.wire.ApiFailure;
import dev.lightkeeper.simulators.kubernetes.wire.ApiFailure.Cause;
import dev.lightkeeper.simulators.kubernetes.wire.Trees;
import dev.lightkeeper.simulators.kubernetes.wire.Trees.Parsed;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** PATCH in its four kinds. */
final class PatchRequests {
    private static final String APPLY = "application/apply-patch+yaml";
    private static final String JSON = "application/json-patch+json";
    private static final String MERGE = "application/merge-patch+json";
    private static final String STRATEGIC = "application/strategic-merge-patch+json";

    private final Writes writes;
    private final Store store;
    private final Decoder decoder;

    PatchRequests(Writes writes, Store store, Decoder decoder) {
        this.writes = writes;
        this.store = store;
        this.decoder = decoder;
    }

    Answer patch(Call call) {
        String kind = call.request().header("Content-Type").split(";", 2)[0].trim();
        boolean strategic = call.type().is(Trait.BUILT_IN);
        List<String> known = strategic ? List.of(JSON, MERGE, STRATEGIC, APPLY) : List.of(JSON, MERGE, APPLY);
        if (!known.contains(kind)) {
            throw strategic
                    ? ApiFailure.unsupportedMediaType()
                    : ApiFailure.of(
                            415,
                            "UnsupportedMediaType",
                            "the body of the request was in an unknown format - accepted media types include: "
                                    + String.join(", ", known));
        }
        if (kind.equals(APPLY)) {
            return apply(call);
        }
        if (!call.request().parameter("force").isEmpty()) {
            throw invalidOptions(Cause.forbidden("force", "may not be specified for non-apply patch"));
        }
        Parsed parsed = Decoder.parse(call, false);
        return call.answer(200, writes.change(call, live -> {
            ObjectNode patched = patched(call, kind, live, parsed.root());
            decoder.settle(
                    call,
                    patched,
                    parsed.duplicates(),
                    problem -> ApiFailure.invalid(
                            "",
                            "",
                            "",
                            List.of(new Cause(
                                    "FieldValueInvalid",
                                    "patch",
                                    "Invalid value: \"" + patched.toString().replace("\"", "\\\"") + "\": "
                                            + problem))));
            return new Wanted(patched, false);
        }));
    }

    /** The tree after a patch. */
    static ObjectNode patched(Call call, String kind, ObjectNode live, JsonNode patch) {
        try {
            return switch (kind) {
                case JSON -> Patches.json(live, patch);
                case STRATEGIC -> Patches.strategic(live, patch, call.type().schema());
                default -> Patches.merge(live, patch);
            };
        } catch (PatchFailure e) {
            String message = String.valueOf(e.getMessage());
            throw e.status() == 422
                    ? ApiFailure.of(422, "Invalid", message)
                    : ApiFailure.of(e.status(), "BadRequest", message);
        }
    }

    private Answer apply(Call call) {
        if (call.request().parameter("fieldManager").isEmpty()) {
            throw invalidOptions(Cause.required("fieldManager", "is required for apply patch"));
        }
        Parsed parsed = Decoder.parse(call, true);
        if (!(parsed.root() instanceof ObjectNode applied)) {
            throw ApiFailure.badRequest("error decoding YAML: the patch is no object");
        }
        checkIdentity(call, applied);
        boolean status = call.target().subresource().equals("status");
        if (status) {
            applied.retain(List.of("apiVersion", "kind", "metadata", "status"));
            Trees.child(applied, "metadata").retain(List.of("name", "namespace", "uid", "resourceVersion"));
        } else if (call.type().is(Trait.STATUS)) {
            applied.remove("status");
        }
        if (!status && store.get(call.type().storedAs().resource(), call.key()) == null) {
            JsonNode uid = applied.path("metadata").path("uid");
            if (uid.isTextual()) {
                throw ApiFailure.conflict(
                        call.type().resource(),
                        call.target().name(),
                        "uid mismatch: the provided object specified uid " + uid.asText()
                                + ", and no existing object was" + " found");
            }
            ObjectNode merged = merged(call, null, applied);
            Trees.child(merged, "metadata").remove("resourceVersion");
            settle(call, merged, parsed.duplicates());
            return call.answer(201, writes.insert(call, new Wanted(merged, true)));
        }
        return call.answer(200, writes.change(call, live -> {
            ObjectNode merged = merged(call, live, applied);
            settle(call, merged, parsed.duplicates());
            return new Wanted(merged, true);
        }));
    }

    private void settle(Call call, ObjectNode merged, List<String> duplicates) {
        decoder.settle(call, merged, duplicates, problem -> Decoder.cannotBeHandled(call, problem));
    }

    private static void checkIdentity(Call call, ObjectNode applied) {
        ObjectNode metadata = Trees.child(applied, "metadata");
        if (metadata.has("managedFields")) {
            throw ApiFailure.badRequest("metadata.managedFields must be nil");
        }
        String apiVersion = applied.path("apiVersion").asText();
        String kind = applied.path("kind").asText();
        if (!apiVersion.equals(call.type().apiVersion())
                || !kind.equals(call.type().names().kind())) {
            String version = apiVersion.contains("/") ? apiVersion : "/" + apiVersion;
            throw ApiFailure.badRequest("invalid object type: " + version + ", Kind=" + kind);
        }
        String name = metadata.path("name").asText(call.target().name());
        if (!name.equals(call.target().name())) {
            throw ApiFailure.badRequest("the name of the object (%s) does not match the name on the URL (%s)"
                    .formatted(name, call.target().name()));
        }
        metadata.put("name", call.target().name());
    }

    private static ApiFailure invalidOptions(Cause cause) {
        return ApiFailure.invalid("meta.k8s.io", "PatchOptions", "", List.of(cause));
    }

    /** Server-side apply, with its conflicts told as kube-apiserver does. */
    private ObjectNode merged(Call call, @Nullable ObjectNode live, ObjectNode applied) {
        ObjectNode wanted = applied.deepCopy();
        JsonNode version = Trees.child(wanted, "metadata").remove("resourceVersion");
        JsonNode uid = Trees.child(wanted, "metadata").remove("uid");
        try {
            ObjectNode merged = FieldManagement.apply(
                            live,
                            wanted,
                            writes.writer(call),
                            call.request().flag("force"),
                            call.type().schema())
                    .deepCopy();
            ObjectNode metadata = Trees.child(merged, "metadata");
            if (version != null) {
                metadata.set("resourceVersion", version);
            }
            if (uid != null) {
                metadata.set("uid", uid);
            }
            return merged;
        } catch (ApplyConflict conflict) {
            throw ApiFailure.applyConflict(
                    String.valueOf(conflict.getMessage()),
                    conflict.conflicts().stream()
                            .map(c -> new Cause("FieldManagerConflict", c.field(), c.message()))
                            .toList());
        }
    }
}
