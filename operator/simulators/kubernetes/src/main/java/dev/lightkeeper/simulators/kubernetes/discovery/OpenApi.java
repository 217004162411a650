package dev.lightkeeper.simulators.kubernetes.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.resource.BuiltIns;
import dev.lightkeeper.simulators.kubernetes.resource.Kinds;
import dev.lightkeeper.simulators.kubernetes.resource.ResourceType;
import dev.lightkeeper.simulators.kubernetes.resource.Trait;
import dev.lightkeeper.simulators.kubernetes.wire.Trees;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** OpenAPI v3, as far as {@code kubectl explain} and its validation read it. */
public final class OpenApi {
    private static final String DEFINITIONS = "io.k8s.";
    private static final String META = "ObjectMeta";
    private static final String CONVENTIONS =
            "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md";
    private static final String API_VERSION = "APIVersion defines the versioned schema of this representation of an"
            + " object. Servers should convert recognized schemas to the latest internal value, and may reject"
            + " unrecognized values. More info: " + CONVENTIONS + "#resources";
    private static final String KIND = "Kind is a string value representing the REST resource this object represents."
            + " Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase."
            + " More info: " + CONVENTIONS + "#types-kinds";

    private final Kinds kinds;
    private final JsonNode objectMeta;

    /** Describes these kinds. */
    public OpenApi(Kinds kinds, JsonNode objectMeta) {
        this.kinds = kinds;
        this.objectMeta = objectMeta;
    }

    /**
     * {@code /openapi/v3}.
     *
     * @param prefix path under which the client reaches the server
     */
    public ObjectNode index(String prefix) {
        ObjectNode index = Trees.object();
        ObjectNode paths = index.putObject("paths");
        Set<String> known = new TreeSet<>();
        for (ResourceType type : kinds.all()) {
            known.add(path(type));
        }
        for (String path : known) {
            int hash = 17;
            for (ResourceType type : kinds.all()) {
                hash = path(type).equals(path) ? 31 * hash + type.openApi().hashCode() : hash;
            }
            paths.putObject(path)
                    .put("serverRelativeURL", prefix + "/openapi/v3/" + path + "?hash=" + Integer.toHexString(hash));
        }
        return index;
    }

    /** The document of one group and version; null when there is none. */
    public @Nullable ObjectNode document(String group, String version) {
        List<ResourceType> types = kinds.of(group, version);
        if (types.isEmpty()) {
            return null;
        }
        ObjectNode document = Trees.object().put("openapi", "3.0.0");
        document.putObject("info").put("title", "Kubernetes").put("version", Discovery.VERSION);
        ObjectNode paths = document.putObject("paths");
        ObjectNode schemas = document.putObject("components").putObject("schemas");
        for (ResourceType type : types) {
            paths(type, paths);
            ObjectNode schema = (ObjectNode) shared(type.openApi(), schemas);
            metadata(schema, schemas);
            schema.putArray("x-kubernetes-group-version-kind").add(groupVersionKind(type));
            schemas.set(name(type), schema);
        }
        return document;
    }

    private void metadata(ObjectNode schema, ObjectNode schemas) {
        ObjectNode properties = Trees.child(schema, "properties");
        describe(properties, "apiVersion", API_VERSION);
        describe(properties, "kind", KIND);
        String description = properties.path("metadata").path("description").asText();
        ObjectNode metadata = properties.putObject("metadata");
        metadata.putArray("allOf").add(reference(META));
        var _ = metadata.put(
                "description",
                description.isEmpty()
                        ? "Standard object's metadata. More info: " + CONVENTIONS + "#metadata"
                        : description);
        if (!schemas.has(DEFINITIONS + META)) {
            schemas.set(DEFINITIONS + META, shared(withoutMark(objectMeta), schemas));
        }
    }

    private static void describe(ObjectNode properties, String field, String description) {
        ObjectNode property = Trees.child(properties, field);
        if (!property.has("description")) {
            property.put("type", "string").put("description", description);
        }
    }

    private static JsonNode withoutMark(JsonNode schema) {
        ObjectNode copy = schema.deepCopy();
        copy.remove(BuiltIns.DEFINITION);
        return copy;
    }

    /** A copy of a schema in which parts that have a name of their own are references. */
    private static JsonNode shared(JsonNode schema, ObjectNode schemas) {
        if (schema.path(BuiltIns.DEFINITION).isTextual()) {
            String name = schema.path(BuiltIns.DEFINITION).asText();
            if (!schemas.has(DEFINITIONS + name)) {
                schemas.putObject(DEFINITIONS + name);
                schemas.set(DEFINITIONS + name, shared(withoutMark(schema), schemas));
            }
            return reference(name);
        }
        if (schema instanceof ObjectNode object) {
            ObjectNode copy = Trees.object();
            object.properties().forEach(e -> copy.set(e.getKey(), shared(e.getValue(), schemas)));
            return copy;
        }
        if (schema.isArray()) {
            var copy = Trees.array();
            schema.forEach(item -> copy.add(shared(item, schemas)));
            return copy;
        }
        return schema;
    }

    private static ObjectNode reference(String definition) {
        return Trees.object().put("$ref", "#/components/schemas/" + DEFINITIONS + definition);
    }

    private static void paths(ResourceType type, ObjectNode paths) {
        String base = "/" + path(type) + (type.is(Trait.NAMESPACED) ? "/namespaces/{namespace}/" : "/")
                + type.resource().resource();
        ObjectNode collection = paths.putObject(base);
        operation(type, collection, "get", "list");
        operation(type, collection, "post", "post");
        ObjectNode item = paths.putObject(base + "/{name}");
        operation(type, item, "get", "get");
        operation(type, item, "put", "put");
        operation(type, item, "patch", "patch");
        operation(type, item, "delete", "delete");
    }

    private static void operation(ResourceType type, ObjectNode path, String method, String action) {
        ObjectNode operation = path.putObject(method).put("x-kubernetes-action", action);
        operation.set("x-kubernetes-group-version-kind", groupVersionKind(type));
        if (Set.of("post", "put", "patch").contains(method)) {
            for (String parameter : List.of("dryRun", "fieldManager", "fieldValidation")) {
                operation
                        .withArrayProperty("parameters")
                        .addObject()
                        .put("name", parameter)
                        .put("in", "query");
            }
        }
        ObjectNode schema = Trees.object().put("$ref", "#/components/schemas/" + name(type));
        operation
                .withObjectProperty("responses")
                .withObjectProperty("200")
                .put("description", "OK")
                .withObjectProperty("content")
                .withObjectProperty("application/json")
                .set("schema", schema);
    }

    private static ObjectNode groupVersionKind(ResourceType type) {
        return Trees.object()
                .put("group", type.resource().group())
                .put("kind", type.names().kind())
                .put("version", type.version());
    }

    private static String path(ResourceType type) {
        return (type.resource().group().isEmpty() ? "api/" : "apis/") + type.apiVersion();
    }

    private static String name(ResourceType type) {
        List<String> parts = new ArrayList<>(List.of(type.resource().group().split("\\.", -1)));
        Collections.reverse(parts);
        String group = type.resource().group().isEmpty() ? "io.k8s.api.core" : String.join(".", parts);
        return group + "." + type.version() + "." + type.names().kind();
    }
}
