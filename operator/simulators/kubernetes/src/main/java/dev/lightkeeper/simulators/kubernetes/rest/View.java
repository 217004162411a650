package dev.lightkeeper.simulators.kubernetes.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.http.Request;
import dev.lightkeeper.simulators.kubernetes.resource.ResourceType;
import dev.lightkeeper.simulators.kubernetes.resource.Trait;
import dev.lightkeeper.simulators.kubernetes.table.Tables;
import dev.lightkeeper.simulators.kubernetes.wire.ApiFailure;
import dev.lightkeeper.simulators.kubernetes.wire.Trees;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** In which form a client wants to see objects, as its Accept header says. */
enum View {
    OBJECT,
    TABLE,
    METADATA;

    private static final Set<String> MEDIA_TYPES =
            Set.of("application/json", "application/yaml", "application/*", "*/*", "");

    /** The first form that the client accepts and that there is. */
    static View of(Call call) {
        Request request = call.request();
        for (String accepted : request.header("Accept").split(",", -1)) {
            List<String> parts = List.of(accepted.trim().split("\\s*;\\s*", -1));
            if (!MEDIA_TYPES.contains(parts.getFirst())) {
                continue;
            }
            String form = parts.stream()
                    .filter(part -> part.startsWith("as="))
                    .map(part -> part.substring(3))
                    .findFirst()
                    .orElse("");
            boolean known = !parts.contains("v=v1beta1") || !form.equals("Table");
            switch (form) {
                case "" -> {
                    return OBJECT;
                }
                case "Table" -> {
                    if (known) {
                        checkIncludedObject(request.parameter("includeObject"));
                        return TABLE;
                    }
                }
                case "PartialObjectMetadata", "PartialObjectMetadataList" -> {
                    return METADATA;
                }
                default -> {}
            }
        }
        throw ApiFailure.notAcceptable(!call.type().is(Trait.BUILT_IN));
    }

    private static void checkIncludedObject(String included) {
        if (!Set.of("", "None", "Metadata", "Object").contains(included)) {
            throw ApiFailure.badRequest("Unable to convert to Table as requested: includeObject: Invalid value: \""
                    + included + "\": must be 'Metadata', 'Object', 'None', or empty");
        }
    }

    JsonNode one(Call call, ObjectNode object, Instant now) {
        return switch (this) {
            case OBJECT -> object;
            case METADATA -> Tables.partial(object);
            case TABLE -> {
                ObjectNode metadata = Trees.object();
                metadata.set("resourceVersion", object.path("metadata").path("resourceVersion"));
                ObjectNode table = Tables.empty(call.type(), metadata);
                addRow(table, call, object, now);
                yield table;
            }
        };
    }

    JsonNode list(Call call, List<ObjectNode> objects, ObjectNode metadata, Instant now) {
        ResourceType type = call.type();
        if (this == OBJECT && !type.is(Trait.BUILT_IN) && !metadata.has("continue")) {
            metadata.put("continue", "");
        }
        if (this == TABLE) {
            ObjectNode table = Tables.empty(type, metadata);
            objects.forEach(object -> addRow(table, call, object, now));
            return table;
        }
        boolean partial = this == METADATA;
        ObjectNode list = Trees.object()
                .put(
                        "kind",
                        partial ? "PartialObjectMetadataList" : type.names().listKind())
                .put("apiVersion", partial ? "meta.k8s.io/v1" : type.apiVersion());
        list.set("metadata", metadata);
        ArrayNode items = list.putArray("items");
        for (ObjectNode object : objects) {
            if (!partial && type.is(Trait.BUILT_IN)) {
                object.remove(List.of("kind", "apiVersion"));
            }
            items.add(partial ? Tables.partial(object) : object);
        }
        return list;
    }

    private static void addRow(ObjectNode table, Call call, ObjectNode object, Instant now) {
        table.withArrayProperty("rows")
                .add(Tables.row(call.type(), object, call.request().parameter("includeObject"), now));
    }
}
