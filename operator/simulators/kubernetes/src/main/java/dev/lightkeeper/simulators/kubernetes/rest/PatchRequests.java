package dev.lightkeeper.simulators.kubernetes.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.apply.ApplyConflict;
import dev.lightkeeper.simulators.kubernetes.apply.ApplyRefused;
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
import dev.lightkeeper.simulators.kubernetes.wire.Trees.Duplicate;
import dev.lightkeeper.simulators.kubernetes.wire.Trees.Parsed;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
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
            String shown = kind.equals(STRATEGIC)
                    ? Trees.goMap(parsed.root())
                    : new String(Trees.json(Trees.sorted(patched)), StandardCharsets.UTF_8);
            decoder.settle(call, patched, parsed.duplicates(), problem -> doesNotFit(shown, problem));
            JsonNode metadata = patched.path("metadata");
            Writes.checkName(call, metadata.path("name").asText());
            Writes.checkNamespace(call, metadata);
            Decoder.checkKind(call, patched);
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
                    ? ApiFailure.patchDoesNotFit(message)
                    : ApiFailure.of(e.status(), e.status() == 400 ? "BadRequest" : "", message);
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
        refuseDuplicates(call, parsed.duplicates());
        checkIdentity(call, applied);
        boolean status = call.target().subresource().equals("status");
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
            Trees.child(merged, "metadata").put("name", call.target().name()).remove("resourceVersion");
            settle(call, merged, parsed.duplicates());
            ObjectNode created = writes.insert(call, new Wanted(merged, true));
            if (created != null) {
                return call.answer(201, created);
            }
        }
        return call.answer(200, writes.change(call, live -> {
            ObjectNode merged = merged(call, live, applied);
            settle(call, merged, parsed.duplicates());
            return new Wanted(merged, true);
        }));
    }

    private void settle(Call call, ObjectNode merged, List<Duplicate> duplicates) {
        decoder.settle(call, merged, duplicates, problem -> Decoder.cannotBeHandled(call, problem));
    }

    private static ApiFailure doesNotFit(String shown, String problem) {
        String quoted = shown.replace("\\", "\\\\").replace("\"", "\\\"");
        return ApiFailure.invalid(
                "",
                "",
                "",
                List.of(new Cause("FieldValueInvalid", "patch", "Invalid value: \"" + quoted + "\": " + problem)));
    }

    private static void refuseDuplicates(Call call, List<Duplicate> duplicates) {
        if (call.strict() && !duplicates.isEmpty()) {
            String all = duplicates.stream()
                    .map(d -> "\n  line " + d.line() + ": key \"" + d.name() + "\" already set in map")
                    .collect(Collectors.joining());
            throw ApiFailure.badRequest(
                    "error strict decoding patch: error converting YAML to JSON: yaml: unmarshal errors:" + all);
        }
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
    }

    private static ApiFailure invalidOptions(Cause cause) {
        return ApiFailure.invalid("meta.k8s.io", "PatchOptions", "", List.of(cause));
    }

    /** Server-side apply, with its conflicts told as kube-apiserver does. */
    private ObjectNode merged(Call call, @Nullable ObjectNode live, ObjectNode applied) {
        if (live != null) {
            Writes.checkVersion(call, applied.path("metadata"), live.path("metadata"));
        }
        try {
            return FieldManagement.apply(
                            live,
                            applied,
                            writes.writer(call),
                            call.request().flag("force"),
                            call.type().schema())
                    .deepCopy();
        } catch (ApplyRefused refused) {
            throw ApiFailure.of(
                    refused.status(),
                    refused.status() == 400 ? "BadRequest" : "",
                    String.valueOf(refused.getMessage()));
        } catch (ApplyConflict conflict) {
            throw ApiFailure.applyConflict(
                    String.valueOf(conflict.getMessage()),
                    conflict.conflicts().stream()
                            .map(c -> new Cause("FieldManagerConflict", c.field(), c.message()))
                            .toList());
        }
    }
}
