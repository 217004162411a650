package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Reads a table of manifests: named bases and cases, each a base with some members set (by JSON pointer) or removed (null). */
final class ManifestTable {
    private static final YAMLMapper YAML = new YAMLMapper();

    private final JsonNode table;

    private ManifestTable(JsonNode table) {
        this.table = table;
    }

    static ManifestTable read(String resource) {
        try (InputStream in = Objects.requireNonNull(ManifestTable.class.getResourceAsStream(resource), resource)) {
            return new ManifestTable(YAML.readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * One row.
     *
     * @param isUpdate whether the base exists already and is changed to the manifest
     * @param messages parts of what the server must answer, one for each of its causes; empty where it must accept
     */
    record Row(String name, boolean isUpdate, ObjectNode base, ObjectNode manifest, List<String> messages) {
        @Override
        public String toString() {
            return name;
        }
    }

    List<Row> rows(String key) {
        List<Row> rows = new ArrayList<>();
        for (JsonNode row : table.required(key)) {
            ObjectNode base = (ObjectNode)
                    table.required("bases").required(row.required("base").asText());
            ObjectNode manifest = base.deepCopy();
            for (Map.Entry<String, JsonNode> change : row.path("set").properties()) {
                set(manifest, change.getKey(), change.getValue());
            }
            List<String> messages = new ArrayList<>();
            row.path("refused").forEach(message -> messages.add(message.asText()));
            rows.add(new Row(
                    row.required("name").asText(),
                    row.path("update").asBoolean(),
                    base.deepCopy(),
                    manifest,
                    List.copyOf(messages)));
        }
        return rows;
    }

    private static void set(JsonNode root, String pointer, JsonNode value) {
        int lastSlash = pointer.lastIndexOf('/');
        String member = pointer.substring(lastSlash + 1).replace("~1", "/").replace("~0", "~");
        JsonNode parent = root.at(pointer.substring(0, lastSlash));
        switch (parent) {
            case ObjectNode object when value.isNull() -> object.remove(member);
            case ObjectNode object -> object.set(member, value);
            case ArrayNode array when member.equals("-") -> array.add(value);
            case ArrayNode array -> array.set(Integer.parseInt(member), value);
            default -> throw new IllegalArgumentException("nothing at the parent of " + pointer);
        }
    }
}
