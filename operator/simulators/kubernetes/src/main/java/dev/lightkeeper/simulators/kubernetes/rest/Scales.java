package dev.lightkeeper.simulators.kubernetes.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.http.Answer;
import dev.lightkeeper.simulators.kubernetes.resource.JsonPath;
import dev.lightkeeper.simulators.kubernetes.resource.ResourceType;
import dev.lightkeeper.simulators.kubernetes.resource.ResourceType.ScalePaths;
import dev.lightkeeper.simulators.kubernetes.resource.Trait;
import dev.lightkeeper.simulators.kubernetes.rest.Writes.Wanted;
import dev.lightkeeper.simulators.kubernetes.schema.FieldError;
import dev.lightkeeper.simulators.kubernetes.storage.Store;
import dev.lightkeeper.simulators.kubernetes.table.Tables;
import dev.lightkeeper.simulators.kubernetes.wire.ApiFailure;
import dev.lightkeeper.simulators.kubernetes.wire.Trees;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** The scale subresource: an object seen as an autoscaling/v1 Scale. */
final class Scales {
    private final Store store;
    private final Writes writes;
    private final Clock clock;

    Scales(Store store, Writes writes, Clock clock) {
        this.clock = clock;
        this.store = store;
        this.writes = writes;
    }

    Answer get(Call call) {
        ObjectNode stored = store.get(call.type().storedAs().resource(), call.key());
        if (stored == null) {
            throw call.notFound();
        }
        ObjectNode scale = scale(call, stored);
        return call.answer(200, View.of(call) == View.TABLE ? Tables.ofScale(scale, clock.instant()) : scale);
    }

    Answer replace(Call call) {
        JsonNode scale = Decoder.parse(call).root();
        return call.answer(200, scale(call, writes.change(call, live -> new Wanted(scaled(call, live, scale), false))));
    }

    Answer patch(Call call) {
        String kind = call.request().header("Content-Type").split(";", 2)[0].trim();
        if (kind.endsWith("yaml")) {
            throw ApiFailure.of(
                    500,
                    "",
                    "failed to create manager for existing fields: failed to convert live object (/; autoscaling/v1,"
                            + " Kind=Scale) to proper version: request to convert CR to an invalid group/version:"
                            + " autoscaling/v1");
        }
        JsonNode patch = Decoder.parse(call, false).root();
        ObjectNode changed = writes.change(call, live -> {
            ObjectNode scale = scale(call, live);
            ObjectNode wanted = PatchRequests.patched(call, kind, scale, patch);
            return new Wanted(scaled(call, live, wanted), false);
        });
        return call.answer(200, scale(call, changed));
    }

    private static ObjectNode scaled(Call call, ObjectNode live, JsonNode scale) {
        JsonNode version = scale.path("metadata").path("resourceVersion");
        if (!version.asText().isEmpty()) {
            Trees.child(live, "metadata").set("resourceVersion", version);
        }
        List<String> path = List.of(paths(call).specReplicas().substring(1).split("\\.", -1));
        ObjectNode parent = live;
        for (String name : path.subList(0, path.size() - 1)) {
            parent = Trees.child(parent, name);
        }
        parent.put(path.getLast(), scale.path("spec").path("replicas").asInt());
        return live;
    }

    /** What is wrong with the number that a custom resource is scaled by. */
    static List<FieldError> faults(ResourceType type, ObjectNode object) {
        if (type.scale() == null || type.is(Trait.BUILT_IN)) {
            return List.of();
        }
        List<FieldError> faults = new ArrayList<>(faults(type.scale().specReplicas(), object));
        faults.addAll(faults(type.scale().statusReplicas(), object));
        return faults;
    }

    private static List<FieldError> faults(String path, ObjectNode object) {
        JsonNode at = object;
        for (String name : path.substring(1).split("\\.", -1)) {
            if (!at.isObject()) {
                return List.of(unreadable(path, at, "map[string]interface{}"));
            }
            at = at.path(name);
            if (at.isMissingNode()) {
                return List.of();
            }
        }
        if (!at.isIntegralNumber()) {
            return List.of(unreadable(path, at, "int64"));
        }
        return at.asLong() >= 0
                ? List.of()
                : List.of(new FieldError(
                        "FieldValueInvalid",
                        path,
                        "Invalid value: " + at.asLong() + ": should be a non-negative integer"));
    }

    private static FieldError unreadable(String path, JsonNode value, String wanted) {
        String found = switch (value.getNodeType()) {
            case STRING -> "string";
            case BOOLEAN -> "bool";
            case NUMBER -> "float64";
            case ARRAY -> "[]interface {}";
            case OBJECT -> "map[string]interface {}";
            default -> "<nil>";
        };
        return new FieldError(
                "FieldValueInvalid",
                path,
                "Invalid value: 0: %s accessor error: %s is of the type %s, expected %s"
                        .formatted(path, Trees.goMap(value), found, wanted));
    }

    private static ObjectNode scale(Call call, ObjectNode object) {
        ObjectNode scale = Trees.object().put("kind", "Scale").put("apiVersion", "autoscaling/v1");
        ObjectNode metadata = scale.putObject("metadata");
        for (String field : List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
            Trees.setOrRemove(metadata, field, object.path("metadata").path(field));
        }
        scale.putObject("spec").put("replicas", number(paths(call).specReplicas(), object));
        ObjectNode status =
                scale.putObject("status").put("replicas", number(paths(call).statusReplicas(), object));
        String selector = selector(paths(call).selector(), object);
        if (!selector.isEmpty()) {
            status.put("selector", selector);
        }
        return scale;
    }

    private static int number(String path, JsonNode object) {
        List<JsonNode> found = JsonPath.of(path).find(object);
        return found.isEmpty() ? 0 : found.getFirst().asInt();
    }

    private static String selector(String path, JsonNode object) {
        if (path.isEmpty()) {
            return "";
        }
        List<JsonNode> found = JsonPath.of(path).find(object);
        if (found.isEmpty() || found.getFirst().isTextual()) {
            return found.isEmpty() ? "" : found.getFirst().asText();
        }
        return found.getFirst().path("matchLabels").properties().stream()
                .map(label -> label.getKey() + "=" + label.getValue().asText())
                .collect(Collectors.joining(","));
    }

    private static ScalePaths paths(Call call) {
        return Objects.requireNonNull(call.type().scale());
    }
}
