package dev.lightkeeper.simulators.kubernetes.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads and writes JSON and YAML trees. */
public final class Trees {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    /** Jackson itself cannot read names in which it has escaped surrogates. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    private static final JsonMapper ASCII =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .build());
    private static final int DEEPEST = 10_000;

    private Trees() {}

    /**
     * A tree, and the names that it gave twice.
     *
     * @param root       the tree, in which the last of equal names wins
     * @param duplicates in their order
     */
    public record Parsed(JsonNode root, List<Duplicate> duplicates) {}

    /**
     * A name that was given again.
     *
     * @param path for example {@code spec.a}
     * @param name for example {@code a}
     * @param line where it was given again
     */
    public record Duplicate(String path, String name, int line) {}

    /** A new object. */
    public static ObjectNode object() {
        return NODES.objectNode();
    }

    /** A new list. */
    public static ArrayNode array() {
        return NODES.arrayNode();
    }

    /** A new list of strings. */
    public static ArrayNode strings(Iterable<String> values) {
        ArrayNode list = array();
        values.forEach(list::add);
        return list;
    }

    /** Reads JSON and notes duplicate names. */
    public static Parsed parseJson(byte[] body) throws IOException {
        return parse(new JsonFactory().createParser(body));
    }

    /** Reads YAML and notes duplicate names; an empty document is an empty object. */
    public static Parsed parseYaml(byte[] body) throws IOException {
        return parse(YAML.getFactory().createParser(body));
    }

    /** Reads YAML that this program brings itself. */
    public static JsonNode ownYaml(byte[] body) {
        try {
            return YAML.readTree(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Compact JSON. */
    public static byte[] json(JsonNode tree) {
        try {
            return JSON.writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Compact JSON in which all that is beyond ASCII is escaped. */
    public static byte[] ascii(JsonNode tree) {
        try {
            return ASCII.writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** YAML, for clients that ask for it. */
    public static byte[] yaml(JsonNode tree) {
        try {
            return YAML.writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The object at a name, made when there is none. */
    public static ObjectNode child(ObjectNode parent, String name) {
        return parent.get(name) instanceof ObjectNode found ? found : parent.putObject(name);
    }

    /** Sets a name, or removes it when the value is missing. */
    public static void setOrRemove(ObjectNode parent, String name, JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            parent.remove(name);
        } else {
            parent.set(name, value);
        }
    }

    /** A copy whose names are in alphabetical order, as Go writes maps. */
    public static JsonNode sorted(JsonNode tree) {
        if (tree instanceof ObjectNode object) {
            ObjectNode copy = object();
            object.propertyStream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(entry -> copy.set(entry.getKey(), sorted(entry.getValue())));
            return copy;
        }
        if (tree.isArray()) {
            ArrayNode copy = array();
            tree.forEach(item -> copy.add(sorted(item)));
            return copy;
        }
        return tree;
    }

    /** As Go prints maps and lists for people. */
    public static String goMap(JsonNode tree) {
        if (tree.isObject()) {
            return tree.propertyStream()
                    .sorted(Map.Entry.comparingByKey())
                    .map(entry -> entry.getKey() + ":" + goMap(entry.getValue()))
                    .collect(Collectors.joining(" ", "map[", "]"));
        }
        if (tree.isArray()) {
            return tree.valueStream().map(Trees::goMap).collect(Collectors.joining(" ", "[", "]"));
        }
        return tree.isNull() ? "<nil>" : tree.asText();
    }

    private static Parsed parse(JsonParser parser) throws IOException {
        try (parser) {
            List<Duplicate> duplicates = new ArrayList<>();
            JsonToken first = parser.nextToken();
            JsonNode root = first == null ? object() : value(parser, "", duplicates, 0);
            if (first != null && parser.nextToken() != null) {
                throw new IOException("invalid character after top-level value");
            }
            return new Parsed(root, duplicates);
        }
    }

    private static JsonNode value(JsonParser parser, String path, List<Duplicate> duplicates, int depth)
            throws IOException {
        if (depth > DEEPEST) {
            throw new IOException("exceeded max depth");
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                ObjectNode object = object();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    String at = path.isEmpty() ? name : path + "." + name;
                    if (object.has(name)) {
                        duplicates.add(new Duplicate(
                                at, name, parser.currentTokenLocation().getLineNr()));
                    }
                    var _ = parser.nextToken();
                    object.set(name, value(parser, at, duplicates, depth + 1));
                }
                yield object;
            }
            case START_ARRAY -> {
                ArrayNode array = array();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(parser, path + "[" + array.size() + "]", duplicates, depth + 1));
                }
                yield array;
            }
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case VALUE_NUMBER_INT ->
                switch (parser.getNumberType()) {
                    case INT -> NODES.numberNode(parser.getIntValue());
                    case LONG -> NODES.numberNode(parser.getLongValue());
                    default -> NODES.numberNode(parser.getDoubleValue());
                };
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
            default -> throw new IOException("unexpected end of JSON input");
        };
    }
}
