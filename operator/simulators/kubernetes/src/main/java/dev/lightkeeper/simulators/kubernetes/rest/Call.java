package dev.lightkeeper.simulators.kubernetes.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lightkeeper.simulators.kubernetes.http.Answer;
import dev.lightkeeper.simulators.kubernetes.http.Request;
import dev.lightkeeper.simulators.kubernetes.http.Target;
import dev.lightkeeper.simulators.kubernetes.resource.ResourceType;
import dev.lightkeeper.simulators.kubernetes.resource.Selector;
import dev.lightkeeper.simulators.kubernetes.resource.Trait;
import dev.lightkeeper.simulators.kubernetes.wire.ApiFailure;
import dev.lightkeeper.simulators.kubernetes.wire.ApiFailure.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A request about a resource, on its way through the server.
 *
 * @param request  as it came
 * @param target   what it is about
 * @param type     the kind
 * @param warnings that have come up on the way
 */
record Call(Request request, Target target, ResourceType type, List<String> warnings) {
    private static final int LONGEST_MANAGER = 128;

    static Call of(Request request, Target target, ResourceType type) {
        return new Call(request, target, type, new ArrayList<>());
    }

    String key() {
        return type.key(target.namespace(), target.name());
    }

    /** What the keys of all objects in question begin with. */
    String keyPrefix() {
        return type.is(Trait.NAMESPACED) && !target.namespace().isEmpty() ? target.namespace() + "/" : "";
    }

    Predicate<JsonNode> selection() {
        return Selector.of(type, request.parameter("labelSelector"), request.parameter("fieldSelector"));
    }

    private static final Map<String, String> OPTIONS = Map.of(
            "create", "CreateOptions", "update", "UpdateOptions", "patch", "PatchOptions", "delete", "DeleteOptions");

    /** Refuses options that no write knows. */
    void checkOptions() {
        String kind = OPTIONS.getOrDefault(target.verb(), "DeleteOptions");
        String dryRun = request.parameter("dryRun");
        if (!List.of("", "All").contains(dryRun)) {
            throw unsupported(kind, "dryRun", "[\"" + dryRun + "\"]: supported values: \"All\"");
        }
        String validation = request.parameter("fieldValidation");
        if (!List.of("", "Ignore", "Strict", "Warn").contains(validation)) {
            throw unsupported(
                    kind,
                    "fieldValidation",
                    "\"" + validation + "\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"");
        }
    }

    private static ApiFailure unsupported(String kind, String field, String why) {
        return ApiFailure.invalid(
                "meta.k8s.io",
                kind,
                "",
                List.of(new Cause("FieldValueNotSupported", field, "Unsupported value: " + why)));
    }

    boolean dryRun() {
        return request.parameter("dryRun").equals("All");
    }

    /** The field manager: as named, or else the program that the user agent names. */
    String manager() {
        String named = request.parameter("fieldManager");
        String agent = request.header("User-Agent").split("/", 2)[0];
        String manager = !named.isEmpty() ? named : agent.isEmpty() ? "unknown" : agent;
        return manager.substring(0, Math.min(manager.length(), LONGEST_MANAGER));
    }

    boolean strict() {
        return request.parameter("fieldValidation").equals("Strict");
    }

    boolean lenient() {
        return request.parameter("fieldValidation").equals("Ignore");
    }

    ApiFailure notFound() {
        return ApiFailure.notFound(type.resource(), target.name());
    }

    ApiFailure invalid(String name, List<Cause> causes) {
        return ApiFailure.invalid(type.resource().group(), type.names().kind(), name, causes);
    }

    Answer answer(int status, JsonNode tree) {
        return new Answer.Tree(status, tree, List.copyOf(warnings));
    }
}
