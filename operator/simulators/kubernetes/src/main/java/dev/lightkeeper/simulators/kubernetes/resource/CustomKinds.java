package dev.lightkeeper.simulators.kubernetes.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.resource.ResourceType.Names;
import dev.lightkeeper.simulators.kubernetes.resource.ResourceType.ScalePaths;
import dev.lightkeeper.simulators.kubernetes.resource.ResourceType.StoredAs;
import dev.lightkeeper.simulators.kubernetes.wire.ApiFailure.Cause;
import dev.lightkeeper.simulators.kubernetes.wire.GroupResource;
import dev.lightkeeper.simulators.kubernetes.wire.Trees;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a CustomResourceDefinition defines. */
public final class CustomKinds {
    /** CRDs themselves. */
    public static final GroupResource DEFINITIONS =
            new GroupResource("apiextensions.k8s.io", "customresourcedefinitions");

    /** Holds a CRD until its instances are gone. */
    public static final String CLEANUP = "customresourcecleanup.apiextensions.k8s.io";

    private CustomKinds() {}

    /** The resource that a CRD defines. */
    public static GroupResource resource(JsonNode crd) {
        JsonNode spec = crd.path("spec");
        return new GroupResource(
                spec.path("group").asText(), spec.path("names").path("plural").asText());
    }

    /** The kinds, one for each version that is served. */
    public static List<ResourceType> of(JsonNode crd, DefinedSchemas schemas) {
        List<ResourceType> types = new ArrayList<>();
        for (JsonNode version : crd.path("spec").path("versions")) {
            if (version.path("served").asBoolean()) {
                types.add(type(crd.path("spec"), resource(crd), version, schemas));
            }
        }
        return types;
    }

    /** Fills in what a CRD leaves open. */
    public static void complete(ObjectNode crd) {
        ObjectNode names = (ObjectNode) crd.required("spec").required("names");
        String kind = names.path("kind").asText();
        if (names.path("singular").asText().isEmpty()) {
            names.put("singular", kind.toLowerCase(Locale.ROOT));
        }
        if (names.path("listKind").asText().isEmpty()) {
            names.put("listKind", kind + "List");
        }
    }

    /** What is wrong with a CRD, beyond its own schema. */
    public static List<Cause> faults(JsonNode crd, DefinedSchemas schemas) {
        JsonNode spec = crd.path("spec");
        List<Cause> causes = new ArrayList<>();
        String name = crd.path("metadata").path("name").asText();
        if (!name.equals(resource(crd).resource() + "." + resource(crd).group())) {
            causes.add(Cause.invalid("metadata.name", name, "must be spec.names.plural+\".\"+spec.group"));
        }
        String scope = spec.path("scope").asText();
        if (!Set.of("Cluster", "Namespaced").contains(scope)) {
            causes.add(new Cause(
                    "FieldValueNotSupported",
                    "spec.scope",
                    "Unsupported value: \"%s\": supported values: \"Cluster\", \"Namespaced\"".formatted(scope)));
        }
        long stored = spec.path("versions")
                .valueStream()
                .filter(version -> version.path("storage").asBoolean())
                .count();
        // kube-apiserver keeps a schema that all versions share in one place, and tells that place.
        boolean oneSchema = spec.path("versions")
                        .valueStream()
                        .map(version -> version.path("schema"))
                        .distinct()
                        .count()
                == 1;
        int index = 0;
        for (JsonNode version : spec.path("versions")) {
            String path = "spec.versions[" + index++ + "].schema.openAPIV3Schema";
            JsonNode schema = version.path("schema").path("openAPIV3Schema");
            if (schema.isMissingNode()) {
                causes.add(Cause.required(path, ""));
                continue;
            }
            String problemsAt = oneSchema ? "spec.validation.openAPIV3Schema" : path;
            schemas.of(name, version.path("name").asText(), schema)
                    .problems()
                    .forEach(problem -> causes.add(
                            new Cause(problem.reason(), problemsAt + "." + problem.field(), problem.message())));
            if (oneSchema) {
                break;
            }
        }
        if (stored != 1) {
            causes.add(new Cause(
                    "FieldValueInvalid",
                    "spec.versions",
                    "Invalid value: " + spec.path("versions") + ": must have exactly one version marked as storage"
                            + " version"));
        }
        return causes;
    }

    /** Sets the status that kube-apiserver's controllers would set a moment later. */
    public static void accept(ObjectNode crd, Instant now) {
        ObjectNode status = Trees.child(crd, "status");
        status.set("acceptedNames", crd.required("spec").required("names"));
        ObjectNode stored = Trees.object();
        status.path("storedVersions").forEach(version -> stored.put(version.asText(), true));
        crd.required("spec").path("versions").forEach(version -> {
            if (version.path("storage").asBoolean()) {
                stored.put(version.path("name").asText(), true);
            }
        });
        status.set(
                "storedVersions",
                Trees.strings(
                        stored.properties().stream().map(Map.Entry::getKey).toList()));
        condition(status, "NamesAccepted", "NoConflicts", "no conflicts found", now);
        condition(status, "Established", "InitialNamesAccepted", "the initial names have been accepted", now);
    }

    /** Says that a CRD waits for its instances to go. */
    public static void terminate(ObjectNode crd, Instant now) {
        condition(
                Trees.child(crd, "status"),
                "Terminating",
                "InstanceDeletionPending",
                "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
                now);
    }

    private static void condition(ObjectNode status, String type, String reason, String message, Instant now) {
        var conditions = status.withArrayProperty("conditions");
        for (JsonNode condition : conditions) {
            if (condition.path("type").asText().equals(type)) {
                return;
            }
        }
        conditions
                .addObject()
                .put("type", type)
                .put("status", "True")
                .put("lastTransitionTime", now.toString())
                .put("reason", reason)
                .put("message", message);
    }

    private static ResourceType type(JsonNode spec, GroupResource resource, JsonNode version, DefinedSchemas schemas) {
        JsonNode names = spec.path("names");
        JsonNode subresources = version.path("subresources");
        Set<Trait> traits = EnumSet.of(Trait.GENERATION);
        if (spec.path("scope").asText().equals("Namespaced")) {
            traits.add(Trait.NAMESPACED);
        }
        if (subresources.has("status")) {
            traits.add(Trait.STATUS);
        }
        Map<String, JsonPath> selectable = new HashMap<>();
        version.path("selectableFields").forEach(field -> {
            String path = field.path("jsonPath").asText();
            selectable.put(path.substring(1), JsonPath.of(path));
        });
        JsonNode openApi = version.path("schema").path("openAPIV3Schema");
        return new ResourceType(
                resource,
                version.path("name").asText(),
                new Names(
                        names.path("kind").asText(),
                        names.path("listKind").asText(),
                        names.path("singular").asText(),
                        MetadataRules.strings(names.path("shortNames")),
                        MetadataRules.strings(names.path("categories"))),
                traits,
                NameRule.SUBDOMAIN,
                scale(subresources.path("scale")),
                columns(version.path("additionalPrinterColumns")),
                selectable,
                schemas.of(resource.toString(), version.path("name").asText(), openApi),
                openApi,
                new StoredAs(resource, Map.of()));
    }

    private static @Nullable ScalePaths scale(JsonNode scale) {
        return scale.isMissingNode()
                ? null
                : new ScalePaths(
                        scale.path("specReplicasPath").asText(),
                        scale.path("statusReplicasPath").asText(),
                        scale.path("labelSelectorPath").asText());
    }

    private static List<Column> columns(JsonNode columns) {
        if (columns.isEmpty()) {
            return List.of(new Column("Age", "date", false, "", "", 0, ".metadata.creationTimestamp"));
        }
        List<Column> read = new ArrayList<>();
        for (JsonNode column : columns) {
            read.add(new Column(
                    column.path("name").asText(),
                    column.path("type").asText(),
                    false,
                    column.path("format").asText(),
                    column.path("description")
                            .asText("Custom resource definition column (in JSONPath format): "
                                    + column.path("jsonPath").asText()),
                    column.path("priority").asInt(),
                    column.path("jsonPath").asText()));
        }
        return read;
    }
}
