package dev.lightkeeper.simulators.kubernetes.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.http.Answer;
import dev.lightkeeper.simulators.kubernetes.storage.Store;
import dev.lightkeeper.simulators.kubernetes.storage.Store.RevisionGone;
import dev.lightkeeper.simulators.kubernetes.storage.Store.Snapshot;
import dev.lightkeeper.simulators.kubernetes.wire.ApiFailure;
import dev.lightkeeper.simulators.kubernetes.wire.ApiFailure.Cause;
import dev.lightkeeper.simulators.kubernetes.wire.GroupResource;
import dev.lightkeeper.simulators.kubernetes.wire.Trees;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Gets and lists. */
final class Reads {
    private static final String LIST_TOO_OLD = "The provided continue parameter is too old to display a consistent list"
            + " result. You can start a new list without the continue parameter, or use the continue token in this"
            + " response to retrieve the remainder of the results. Continuing with the provided token results in an"
            + " inconsistent list - objects that were created, modified, or deleted between the time the first chunk"
            + " was returned and now may show up in the list.";

    private final Store store;
    private final Lifecycle lifecycle;

    Reads(Store store, Lifecycle lifecycle) {
        this.store = store;
        this.lifecycle = lifecycle;
    }

    /** Where a list goes on: at which revision, after which key. */
    private record Continuation(long revision, String after) {
        String token() {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(Trees.json(Trees.object()
                            .put("v", "meta.k8s.io/v1")
                            .put("rv", revision)
                            .put("start", after)));
        }

        static Continuation of(String token) {
            try {
                JsonNode read =
                        Trees.parseJson(Base64.getUrlDecoder().decode(token)).root();
                return new Continuation(
                        read.required("rv").asLong(), read.required("start").asText());
            } catch (IOException | IllegalArgumentException e) {
                throw ApiFailure.badRequest("invalid continue token: continue key is not valid: " + firstLine(e));
            }
        }
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    Answer get(Call call) {
        ObjectNode stored = store.get(call.type().storedAs().resource(), call.key());
        if (stored == null) {
            throw call.notFound();
        }
        return call.answer(200, View.of(call).one(call, call.type().served(stored), lifecycle.now()));
    }

    Answer list(Call call) {
        View view = View.of(call);
        Predicate<JsonNode> selection = call.selection();
        String token = call.request().parameter("continue");
        Continuation from = token.isEmpty() ? null : Continuation.of(token);
        Snapshot snapshot = snapshot(call, from);
        int limit = limit(call);
        List<ObjectNode> objects = new ArrayList<>();
        ObjectNode metadata = Trees.object();
        metadata.put("resourceVersion", Long.toString(snapshot.revision()));
        Map<String, ObjectNode> left =
                from == null ? snapshot.objects() : snapshot.objects().tailMap(from.after(), false);
        int seen = 0;
        for (Map.Entry<String, ObjectNode> entry : left.entrySet()) {
            seen++;
            ObjectNode served = call.type().served(entry.getValue());
            if (!selection.test(served)) {
                continue;
            }
            objects.add(served);
            if (objects.size() == limit && seen < left.size()) {
                metadata.put("continue", new Continuation(snapshot.revision(), entry.getKey()).token());
                boolean unfiltered = call.request().parameter("labelSelector").isEmpty()
                        && call.request().parameter("fieldSelector").isEmpty();
                if (unfiltered) {
                    metadata.put("remainingItemCount", left.size() - seen);
                }
                break;
            }
        }
        return call.answer(200, view.list(call, objects, metadata, lifecycle.now()));
    }

    private Snapshot snapshot(Call call, @Nullable Continuation from) {
        GroupResource resource = call.type().storedAs().resource();
        String version = call.request().parameter("resourceVersion");
        String match = call.request().parameter("resourceVersionMatch");
        checkVersionOptions(version, match, from != null);
        boolean exact = match.equals("Exact");
        if (from == null && !exact) {
            long wanted = version.isEmpty() ? 0 : version(version);
            if (wanted > store.revision()) {
                throw tooLarge(wanted);
            }
            return store.list(resource, call.keyPrefix());
        }
        long wanted = from == null ? version(version) : from.revision();
        if (wanted < 0) {
            return store.list(resource, call.keyPrefix());
        }
        try {
            return store.listAt(resource, call.keyPrefix(), wanted);
        } catch (RevisionGone e) {
            if (wanted > store.revision()) {
                throw tooLarge(wanted);
            }
            if (from == null) {
                throw ApiFailure.expired("The resourceVersion for the provided list is too old.");
            }
            ApiFailure failure = ApiFailure.expired(LIST_TOO_OLD);
            Trees.child(failure.status(), "metadata").put("continue", new Continuation(-1, from.after()).token());
            throw failure;
        }
    }

    private static void checkVersionOptions(String version, String match, boolean continued) {
        if (match.isEmpty()) {
            return;
        }
        String field = "resourceVersionMatch";
        Cause cause;
        if (continued) {
            cause = Cause.forbidden(field, "resourceVersionMatch is forbidden when continue is provided");
        } else if (version.isEmpty()) {
            cause = Cause.forbidden(field, "resourceVersionMatch is forbidden unless resourceVersion is provided");
        } else if (!List.of("Exact", "NotOlderThan").contains(match)) {
            cause = new Cause(
                    "FieldValueNotSupported",
                    field,
                    "Unsupported value: \"" + match + "\": supported values: \"Exact\", \"NotOlderThan\", \"\"");
        } else if (match.equals("Exact") && version.equals("0")) {
            cause = Cause.forbidden(field, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
        } else {
            return;
        }
        throw ApiFailure.invalid("meta.k8s.io", "ListOptions", "", List.of(cause));
    }

    private ApiFailure tooLarge(long wanted) {
        ApiFailure failure = ApiFailure.of(
                504,
                "Timeout",
                "Timeout: Too large resource version: %d, current: %d".formatted(wanted, store.revision()));
        ObjectNode details = Trees.child(failure.status(), "details");
        details.putArray("causes")
                .addObject()
                .put("reason", "ResourceVersionTooLarge")
                .put("message", "Too large resource version");
        details.put("retryAfterSeconds", 1);
        return failure;
    }

    private static int limit(Call call) {
        String limit = call.request().parameter("limit");
        if (!limit.matches("\\d{0,9}")) {
            throw ApiFailure.badRequest("strconv.ParseInt: parsing \"" + limit + "\": invalid syntax");
        }
        return limit.isEmpty() ? 0 : Integer.parseInt(limit);
    }

    static long version(String text) {
        try {
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            throw ApiFailure.badRequest(
                    "invalid resource version: resourceVersion: Invalid value: \"%s\": strconv.ParseUint: parsing \"%s\": invalid syntax"
                            .formatted(text, text));
        }
    }
}
