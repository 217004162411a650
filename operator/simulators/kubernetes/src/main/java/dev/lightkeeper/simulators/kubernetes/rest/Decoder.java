package dev.lightkeeper.simulators.kubernetes.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.resource.BuiltIns;
import dev.lightkeeper.simulators.kubernetes.resource.Protobuf;
import dev.lightkeeper.simulators.kubernetes.resource.ResourceType;
import dev.lightkeeper.simulators.kubernetes.resource.Trait;
import dev.lightkeeper.simulators.kubernetes.schema.StructuralSchema;
import dev.lightkeeper.simulators.kubernetes.wire.ApiFailure;
import dev.lightkeeper.simulators.kubernetes.wire.ApiFailure.Cause;
import dev.lightkeeper.simulators.kubernetes.wire.Trees;
import dev.lightkeeper.simulators.kubernetes.wire.Trees.Duplicate;
import dev.lightkeeper.simulators.kubernetes.wire.Trees.Parsed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Turns what a client sends into objects of the kind it is meant for. */
final class Decoder {

    private static final int LONGEST_SUMMARY = 30;

    private final StructuralSchema objectMeta;

    private final JsonNode deleteOptions;
    private final Protobuf protobuf;

    Decoder(BuiltIns builtIns) {
        this.objectMeta = StructuralSchema.of(builtIns.objectMeta());
        this.deleteOptions = builtIns.deleteOptions();
        this.protobuf = builtIns.protobuf();
    }

    /** The object that a POST or PUT carries, and the names that it gives twice. */
    Parsed object(Call call) {
        ResourceType type = call.type();
        Parsed parsed = isProtobuf(call) ? fromProtobuf(call, type.names().kind(), type.openApi()) : parse(call);
        JsonNode body = parsed.root();
        if (body.isNull() && type.is(Trait.BUILT_IN)) {
            body = Trees.object();
            parsed = new Parsed(body, List.of());
        }
        if (!(body instanceof ObjectNode object)) {
            throw unrecognized(call, "couldn't get version/kind; json parse error: " + GoTypes.notAnObject(body));
        }
        if (type.is(Trait.BUILT_IN)) {
            // Compiled kinds are what the URL says they are, unless the body says otherwise.
            object.put("kind", body.path("kind").asText(type.names().kind()));
            object.put("apiVersion", body.path("apiVersion").asText(type.apiVersion()));
        }
        checkKind(call, object.path("kind").asText(), object.path("apiVersion").asText(), body);
        return parsed;
    }

    /** Refuses a change of kind. */
    static void checkKind(Call call, ObjectNode object) {
        checkKind(call, object.path("kind").asText(), object.path("apiVersion").asText(), object);
    }

    private static void checkKind(Call call, String kind, String apiVersion, JsonNode body) {
        ResourceType type = call.type();
        String wanted = type.names().kind();
        if (kind.isEmpty()) {
            throw unrecognized(call, "Object 'Kind' is missing in '" + body + "'");
        }
        boolean otherVersion = !apiVersion.equals(type.apiVersion());
        if (type.is(Trait.BUILT_IN) && (otherVersion || !kind.equals(wanted))) {
            String version = apiVersion.substring(apiVersion.indexOf('/') + 1);
            String problem = otherVersion
                    ? "no kind \"%s\" is registered for version \"%s\" in scheme \"pkg/runtime/scheme.go:111\""
                            .formatted(kind, apiVersion)
                    : "converting (%s.%s) to (%s.%s): unknown conversion"
                            .formatted(version, kind, internalGroup(type), wanted);
            throw ApiFailure.badRequest(
                    "%s in version \"%s\" cannot be handled as a %s: %s".formatted(kind, version, wanted, problem));
        }
        if (otherVersion) {
            throw ApiFailure.badRequest("the API version in the data (%s) does not match the expected API version (%s)"
                    .formatted(apiVersion, type.apiVersion()));
        }
        if (!kind.equals(wanted)) {
            throw ApiFailure.invalid(
                    type.resource().group(),
                    kind,
                    body.path("metadata").path("name").asText(),
                    List.of(Cause.invalid("kind", kind, "must be " + wanted)));
        }
    }

    private static String internalGroup(ResourceType type) {
        String group = type.resource().group();
        return group.isEmpty() ? "core" : group.split("\\.", 2)[0];
    }

    private static ApiFailure unrecognized(Call call, String problem) {
        byte[] body = call.request().body();
        int shown = Math.min(body.length, LONGEST_SUMMARY);
        String start = body.length > 0 && body[0] == '{'
                ? new String(body, 0, shown, StandardCharsets.UTF_8)
                : HexFormat.of().formatHex(body, 0, shown);
        String summary = body.length == 0 ? "<empty>" : shown < body.length ? start + " ..." : start;
        return ApiFailure.badRequest("the object provided is unrecognized (must be of type %s): %s (%s)"
                .formatted(call.type().names().kind(), problem, summary));
    }

    /** The options of a delete. */
    JsonNode deleteOptions(Call call) {
        return isProtobuf(call)
                ? fromProtobuf(call, "DeleteOptions", deleteOptions).root()
                : parse(call).root();
    }

    private static boolean isProtobuf(Call call) {
        return call.type().is(Trait.BUILT_IN)
                && call.request().header("Content-Type").startsWith("application/vnd.kubernetes.protobuf");
    }

    private Parsed fromProtobuf(Call call, String message, JsonNode schema) {
        try {
            return new Parsed(protobuf.read(call.request().body(), message, schema), List.of());
        } catch (IOException e) {
            throw ApiFailure.of(415, "UnsupportedMediaType", String.valueOf(e.getMessage()));
        }
    }

    /** Any body, JSON unless the client says YAML. */
    static Parsed parse(Call call) {
        String contentType =
                call.request().header("Content-Type").split(";", 2)[0].trim();
        return switch (contentType) {
            case "", "application/json" -> parse(call, false);
            case "application/yaml" -> parse(call, true);
            default ->
                throw ApiFailure.of(
                        415,
                        "UnsupportedMediaType",
                        "the body of the request was in an unknown format - accepted media types include:"
                                + " application/json, application/yaml"
                                + (call.type().is(Trait.BUILT_IN) ? ", application/vnd.kubernetes.protobuf" : ""));
        };
    }

    static Parsed parse(Call call, boolean yaml) {
        try {
            byte[] body = call.request().body();
            return yaml ? Trees.parseYaml(body) : Trees.parseJson(body);
        } catch (IOException e) {
            String problem = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw yaml
                    ? ApiFailure.badRequest("error decoding YAML: " + problem)
                    : unrecognized(call, "couldn't get version/kind; json parse error: " + inGosWords(problem));
        }
    }

    private static String inGosWords(String problem) {
        return problem.startsWith("Unexpected end-of-input") ? "unexpected end of JSON input" : problem;
    }

    /**
     * Removes what the kind does not know, and tells the client, as far as it wants to be told.
     *
     * @param duplicates names that the client gave twice
     * @param refusal    how a strict request is refused
     */
    void settle(Call call, ObjectNode object, List<Duplicate> duplicates, Refusal refusal) {
        boolean builtIn = call.type().is(Trait.BUILT_IN);
        String kind = call.type().names().kind();
        JsonNode given = object.path("metadata");
        if (!given.isObject() && !given.isMissingNode() && !given.isNull()) {
            throw refusal.of(GoTypes.notMetadata(given, builtIn ? kind : ""));
        }
        ObjectNode metadata = Trees.child(object, "metadata");
        dropNulls(builtIn ? object : metadata);
        List<String> problems = new ArrayList<>();
        duplicates.forEach(duplicate -> problems.add("duplicate field \"" + duplicate.path() + "\""));
        objectMeta.prune(metadata).forEach(path -> problems.add("unknown field \"metadata." + path + "\""));
        new GoTypes("ObjectMeta", builtIn ? "metadata." : "", objectMeta)
                .problem(objectMeta.validate(metadata, null))
                .ifPresent(problem -> {
                    throw refusal.of(problem);
                });
        if (builtIn) {
            StructuralSchema schema = call.type().schema();
            new GoTypes(kind, "", schema).problem(schema.validate(object, null)).ifPresent(problem -> {
                throw refusal.of(problem);
            });
        }
        for (String map : List.of("labels", "annotations", "finalizers", "ownerReferences")) {
            if (metadata.path(map).isEmpty()) {
                metadata.remove(map);
            }
        }
        call.type().schema().prune(object).forEach(path -> problems.add("unknown field \"" + path + "\""));
        if (!problems.isEmpty() && call.strict()) {
            throw refusal.of("strict decoding error: " + String.join(", ", problems));
        }
        if (!call.lenient()) {
            call.warnings().addAll(problems);
        }
    }

    /** How a problem is told that only a strict request minds. */
    interface Refusal {
        /** The failure. */
        ApiFailure of(String problem);
    }

    static ApiFailure cannotBeHandled(Call call, String problem) {
        return ApiFailure.badRequest("%s in version \"%s\" cannot be handled as a %s: %s"
                .formatted(
                        call.type().names().kind(),
                        call.type().version(),
                        call.type().names().kind(),
                        problem));
    }

    private static void dropNulls(JsonNode tree) {
        if (tree instanceof ObjectNode object) {
            var values = object.elements();
            while (values.hasNext()) {
                if (values.next().isNull()) {
                    values.remove();
                }
            }
        }
        tree.forEach(Decoder::dropNulls);
    }
}
