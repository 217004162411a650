package dev.lightkeeper.simulators.kubernetes.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.resource.Column;
import dev.lightkeeper.simulators.kubernetes.resource.ResourceType;
import dev.lightkeeper.simulators.kubernetes.resource.Trait;
import dev.lightkeeper.simulators.kubernetes.wire.Trees;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Objects as rows of meta.k8s.io/v1 Tables. */
public final class Tables {
    private static final Column NAME = new Column(
            "Name",
            "string",
            false,
            "name",
            "Name must be unique within a namespace. Is required when creating resources, although some resources may"
                    + " allow a client to request the generation of an appropriate name automatically. Name is primarily"
                    + " intended for creation idempotence and configuration definition. Cannot be updated. More info:"
                    + " https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names",
            0,
            "{.metadata.name}");

    private static final List<Column> SCALE = List.of(
            NAME,
            new Column("Desired", "integer", true, "", "", 0, "{.spec.replicas}"),
            new Column("Available", "integer", true, "", "", 0, "{.status.replicas}"),
            new Column("Age", "string", false, "", "", 0, "{.metadata.creationTimestamp|age}"));

    private Tables() {}

    /**
     * A table without rows.
     *
     * @param metadata of the list or the object
     */
    public static ObjectNode empty(ResourceType type, JsonNode metadata) {
        return table(columns(type), metadata, List.of());
    }

    /**
     * The row of an object.
     *
     * @param include what the row carries: {@code None}, {@code Metadata} or {@code Object}
     */
    public static ObjectNode row(ResourceType type, ObjectNode object, String include, Instant now) {
        return row(columns(type), type.is(Trait.BUILT_IN), object, include, now);
    }

    private static ObjectNode table(List<Column> columns, JsonNode metadata, List<ObjectNode> rows) {
        ObjectNode table = Trees.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
        table.set("metadata", metadata);
        ArrayNode definitions = table.putArray("columnDefinitions");
        columns.forEach(column -> definitions
                .addObject()
                .put("name", column.name())
                .put("type", column.type())
                .put("format", column.format())
                .put("description", column.description())
                .put("priority", column.priority()));
        table.putArray("rows").addAll(rows);
        return table;
    }

    private static ObjectNode row(
            List<Column> columns, boolean builtIn, ObjectNode object, String include, Instant now) {
        ObjectNode row = Trees.object();
        ArrayNode cells = row.putArray("cells");
        for (Column column : columns) {
            cells.add(
                    builtIn || column.equals(NAME)
                            ? Cells.builtIn(column, object, now)
                            : Cells.custom(column, object, now));
        }
        switch (include) {
            case "None" -> row.putNull("object");
            case "Object" -> row.set("object", object);
            default -> row.set("object", partial(object));
        }
        return row;
    }

    /** The metadata of an object alone. */
    public static ObjectNode partial(ObjectNode object) {
        ObjectNode partial = Trees.object().put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
        partial.set("metadata", object.path("metadata"));
        return partial;
    }

    /** A Scale, whose columns are its own. */
    public static ObjectNode ofScale(ObjectNode scale, Instant now) {
        ObjectNode metadata = Trees.object();
        metadata.set("resourceVersion", scale.path("metadata").path("resourceVersion"));
        return table(SCALE, metadata, List.of(row(SCALE, true, scale, "", now)));
    }

    private static List<Column> columns(ResourceType type) {
        if (type.columns().stream().anyMatch(column -> column.format().equals("name"))) {
            return type.columns();
        }
        return Stream.concat(Stream.of(NAME), type.columns().stream()).toList();
    }
}
