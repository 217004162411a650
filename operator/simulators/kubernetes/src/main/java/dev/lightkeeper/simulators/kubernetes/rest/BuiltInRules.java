package dev.lightkeeper.simulators.kubernetes.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.resource.CustomKinds;
import dev.lightkeeper.simulators.kubernetes.resource.DefinedSchemas;
import dev.lightkeeper.simulators.kubernetes.resource.ResourceType;
import dev.lightkeeper.simulators.kubernetes.resource.Trait;
import dev.lightkeeper.simulators.kubernetes.wire.ApiFailure.Cause;
import dev.lightkeeper.simulators.kubernetes.wire.Trees;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What some built-in kinds do that no schema can say. */
final class BuiltInRules {
    private BuiltInRules() {}

    /** Completes an object as its kind does when it is written. */
    static void complete(ResourceType type, ObjectNode object, Instant now) {
        if (!type.is(Trait.BUILT_IN)) {
            return;
        }
        switch (type.resource().toString()) {
            case "secrets" -> {
                if (object.remove("stringData") instanceof ObjectNode plain) {
                    ObjectNode data = Trees.child(object, "data");
                    plain.properties()
                            .forEach(entry -> data.put(
                                    entry.getKey(),
                                    Base64.getEncoder()
                                            .encodeToString(
                                                    entry.getValue().asText().getBytes(StandardCharsets.UTF_8))));
                }
            }
            case "namespaces" -> {
                ObjectNode metadata = Trees.child(object, "metadata");
                Trees.child(metadata, "labels")
                        .put(
                                "kubernetes.io/metadata.name",
                                metadata.path("name").asText());
                if (!object.path("spec").has("finalizers") && !Lifecycle.isGoing(object)) {
                    Trees.child(object, "spec").putArray("finalizers").add("kubernetes");
                }
                if (!object.path("status").has("phase")) {
                    Trees.child(object, "status").put("phase", "Active");
                }
            }
            case "customresourcedefinitions.apiextensions.k8s.io" -> {
                if (object.path("spec").path("names").isObject()) {
                    CustomKinds.complete(object);
                    CustomKinds.accept(object, now);
                }
            }
            case "deployments.apps" -> {
                if (object.path("spec").path("strategy") instanceof ObjectNode strategy
                        && strategy.path("type").asText().equals("RollingUpdate")
                        && !strategy.has("rollingUpdate")) {
                    strategy.putObject("rollingUpdate")
                            .put("maxUnavailable", "25%")
                            .put("maxSurge", "25%");
                }
            }
            case "services" ->
                object.path("spec").path("ports").forEach(port -> {
                    if (port instanceof ObjectNode one && !one.has("targetPort")) {
                        one.set("targetPort", one.path("port"));
                    }
                });
            default -> {}
        }
        pullPolicies(object.path("spec"));
        pullPolicies(object.path("spec").path("template").path("spec"));
    }

    private static void pullPolicies(JsonNode podSpec) {
        for (String list : List.of("containers", "initContainers")) {
            for (JsonNode container : podSpec.path(list)) {
                if (container instanceof ObjectNode object && !object.has("imagePullPolicy") && object.has("image")) {
                    String image = object.path("image").asText();
                    boolean latest = image.endsWith(":latest") || !image.matches(".*(:[^/]*|@.*)");
                    object.put("imagePullPolicy", latest ? "Always" : "IfNotPresent");
                }
            }
        }
    }

    /** Adds what Go always writes. */
    static void fillIn(ResourceType type, ObjectNode object) {
        if (type.storedAs().resource().toString().equals("events")) {
            boolean core = type.resource().group().isEmpty();
            for (String field : core
                    ? List.of("eventTime", "firstTimestamp", "lastTimestamp")
                    : List.of("eventTime", "deprecatedFirstTimestamp", "deprecatedLastTimestamp")) {
                if (!object.has(field)) {
                    object.putNull(field);
                }
            }
            var _ = Trees.child(object, core ? "source" : "deprecatedSource");
        }
    }

    /** What is wrong with an object. */
    static List<Cause> faults(ResourceType type, ObjectNode object, @Nullable ObjectNode old, DefinedSchemas schemas) {
        return switch (type.resource().toString()) {
            case "configmaps" -> contents(object, old, "data", "binaryData");
            case "secrets" -> {
                List<Cause> causes = contents(object, old, "data");
                if (old != null && !object.path("type").equals(old.path("type"))) {
                    causes.add(Cause.invalid("type", object.path("type").asText(), "field is immutable"));
                }
                yield causes;
            }
            case "customresourcedefinitions.apiextensions.k8s.io" -> CustomKinds.faults(object, schemas);
            case "events" -> {
                String namespace =
                        object.path("involvedObject").path("namespace").asText();
                String own = object.path("metadata").path("namespace").asText();
                yield namespace.equals(own) || (namespace.isEmpty() && own.equals("default"))
                        ? List.of()
                        : List.of(
                                Cause.invalid("involvedObject.namespace", namespace, "does not match event.namespace"));
            }
            case "controllerrevisions.apps" ->
                old == null || object.path("data").equals(old.path("data"))
                        ? List.of()
                        : List.of(new Cause(
                                "FieldValueInvalid",
                                "data",
                                "Invalid value: " + object.path("data") + ": field is immutable"));
            case "deployments.apps", "replicasets.apps" -> immutable(object, old, "spec", "selector");
            case "rolebindings.rbac.authorization.k8s.io", "clusterrolebindings.rbac.authorization.k8s.io" ->
                old == null || object.path("roleRef").equals(old.path("roleRef"))
                        ? List.of()
                        : List.of(new Cause(
                                "FieldValueInvalid",
                                "roleRef",
                                "Invalid value: " + object.path("roleRef") + ": cannot change roleRef"));
            default -> List.of();
        };
    }

    private static List<Cause> immutable(ObjectNode object, @Nullable ObjectNode old, String parent, String field) {
        JsonNode value = object.path(parent).path(field);
        return old == null || value.equals(old.path(parent).path(field))
                ? List.of()
                : List.of(new Cause(
                        "FieldValueInvalid", parent + "." + field, "Invalid value: " + value + ": field is immutable"));
    }

    private static List<Cause> contents(ObjectNode object, @Nullable ObjectNode old, String... maps) {
        List<Cause> causes = new ArrayList<>();
        boolean frozen = old != null && old.path("immutable").asBoolean();
        if (frozen && !object.path("immutable").asBoolean()) {
            causes.add(Cause.forbidden("immutable", "field is immutable when `immutable` is set"));
        }
        for (String map : maps) {
            if (frozen && old != null && !object.path(map).equals(old.path(map))) {
                causes.add(Cause.forbidden(map, "field is immutable when `immutable` is set"));
            }
            for (var entry : object.path(map).properties()) {
                String key = entry.getKey();
                if (!key.matches("[-._a-zA-Z0-9]+") || Set.of(".", "..").contains(key)) {
                    causes.add(Cause.invalid(
                            map + "[" + key + "]",
                            key,
                            "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g."
                                    + " 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is"
                                    + " '[-._a-zA-Z0-9]+')"));
                }
            }
        }
        return causes;
    }
}
