package dev.lightkeeper.simulators.kubernetes.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.lightkeeper.simulators.kubernetes.schema.StructuralSchema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The sequences of writes in the test resources, and the schemas of what they write to. */
final class WriteSequences {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> BODIES = List.of("apply", "create", "put", "merge", "json", "strategic");
    private static final Map<String, String> API_VERSIONS =
            Map.of("Thing", "example.com/v1", "ConfigMap", "v1", "Service", "v1", "Deployment", "apps/v1");

    private final Map<String, StructuralSchema> schemas = new TreeMap<>();

    WriteSequences() {
        resource("built-in-schemas.json")
                .properties()
                .forEach(kind -> schemas.put(kind.getKey(), StructuralSchema.of(kind.getValue())));
        schemas.put(
                "Thing", StructuralSchema.of(resource("thing-crd.yaml").at("/spec/versions/0/schema/openAPIV3Schema")));
    }

    /**
     * Writes to one object.
     *
     * @param kind of the object
     */
    record Sequence(String name, String kind, List<Write> writes) {
        String apiVersion() {
            return Objects.requireNonNull(API_VERSIONS.get(kind));
        }
    }

    /**
     * One write.
     *
     * @param by   field manager
     * @param on   subresource, or empty
     * @param verb one of apply, create, put, merge, json, strategic
     */
    record Write(String by, String on, boolean force, String verb, JsonNode body) {}

    StructuralSchema schema(String kind) {
        return Objects.requireNonNull(schemas.get(kind));
    }

    List<Sequence> sequences() {
        List<Sequence> sequences = new ArrayList<>();
        for (JsonNode sequence : resource("sequences.yaml")) {
            List<Write> writes = new ArrayList<>();
            for (JsonNode write : sequence.get("writes")) {
                String verb = BODIES.stream().filter(write::has).findFirst().orElseThrow();
                writes.add(new Write(
                        write.get("by").asText(),
                        write.path("on").asText(""),
                        write.path("force").asBoolean(),
                        verb,
                        write.get(verb)));
            }
            sequences.add(new Sequence(
                    sequence.get("name").asText(), sequence.get("kind").asText(), writes));
        }
        return sequences;
    }

    /** What is sent for a write, given the object before it. */
    static JsonNode request(Sequence sequence, Write write, String name, JsonNode live) {
        if (write.verb().equals("put")) {
            ObjectNode sent = live.deepCopy();
            write.body().properties().forEach(field -> {
                if (field.getKey().equals("metadata")) {
                    field.getValue()
                            .properties()
                            .forEach(meta -> set(sent.withObjectProperty("metadata"), meta.getKey(), meta.getValue()));
                } else {
                    set(sent, field.getKey(), field.getValue());
                }
            });
            return sent;
        }
        if (write.verb().equals("apply") || write.verb().equals("create")) {
            ObjectNode sent = write.body().deepCopy();
            sent.put("apiVersion", sequence.apiVersion()).put("kind", sequence.kind());
            sent.withObjectProperty("metadata").put("name", name);
            return sent;
        }
        return write.body();
    }

    private static void set(ObjectNode object, String key, JsonNode value) {
        if (value instanceof NullNode) {
            object.remove(key);
        } else {
            object.set(key, value.deepCopy());
        }
    }

    static JsonNode resource(String name) {
        try (InputStream in = Objects.requireNonNull(WriteSequences.class.getResourceAsStream(name), name)) {
            return (name.endsWith(".yaml") ? new YAMLMapper() : JSON).readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
