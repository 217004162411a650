package dev.lightkeeper.simulators.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.w3c.dom.Element;

/** AWS's published model of one service, as botocore carries it, and a check of answers against it. */
final class ServiceModel {
    private final JsonNode model;

    private ServiceModel(JsonNode model) {
        this.model = model;
    }

    /** Reads {@code <data>/<service>/<version>/service-2.json}, packed or not. */
    static ServiceModel read(Path data, String service, String version) throws IOException {
        Path folder = data.resolve(service).resolve(version);
        Path plain = folder.resolve("service-2.json");
        JsonMapper mapper = new JsonMapper();
        if (Files.exists(plain)) {
            return new ServiceModel(mapper.readTree(plain.toFile()));
        }
        try (InputStream packed = new GZIPInputStream(Files.newInputStream(folder.resolve("service-2.json.gz")))) {
            return new ServiceModel(mapper.readTree(packed));
        }
    }

    JsonNode operation(String name) {
        return model.path("operations").path(name);
    }

    String targetPrefix() {
        return model.path("metadata").path("targetPrefix").asText();
    }

    String signingName() {
        return model.path("metadata").path("endpointPrefix").asText();
    }

    /** The names of all operations that match. */
    List<String> operations(Pattern name) {
        return model.path("operations").properties().stream()
                .map(Map.Entry::getKey)
                .filter(n -> name.matcher(n).matches())
                .toList();
    }

    /** What is wrong with the answer of an operation; empty when all is well. */
    List<String> violations(String operation, JsonNode answer) {
        List<String> found = new ArrayList<>();
        JsonNode output = operation(operation).path("output").path("shape");
        if (operation(operation).isMissingNode()) {
            found.add(operation + " is no operation of the model");
        } else if (output.isMissingNode()) {
            if (!answer.isEmpty()) {
                found.add(operation + " has no output");
            }
        } else {
            check(output.asText(), answer, operation, found);
        }
        return found;
    }

    /**
     * An answer of the EC2 protocol with the names and types of the model. What the model does not know keeps its name
     * and is text, so that it is found to be wrong.
     */
    ObjectNode answer(String operation, Element root) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        String shape = operation(operation).path("output").path("shape").asText();
        for (Element element : Xml.children(root)) {
            if (!element.getTagName().equals("requestId")) {
                put(answer, shape, element);
            }
        }
        return answer;
    }

    private void put(ObjectNode into, String structure, Element element) {
        for (Map.Entry<String, JsonNode> member :
                model.path("shapes").path(structure).path("members").properties()) {
            if (member.getValue().path("locationName").asText().equals(element.getTagName())) {
                into.set(member.getKey(), typed(member.getValue().path("shape").asText(), element));
                return;
            }
        }
        into.put(element.getTagName(), element.getTextContent());
    }

    private JsonNode typed(String shapeName, Element element) {
        JsonNode shape = model.path("shapes").path(shapeName);
        String text = element.getTextContent();
        return switch (shape.path("type").asText()) {
            case "structure" -> {
                ObjectNode object = JsonNodeFactory.instance.objectNode();
                Xml.children(element).forEach(child -> put(object, shapeName, child));
                yield object;
            }
            case "list" -> {
                ArrayNode list = JsonNodeFactory.instance.arrayNode();
                String item = shape.path("member").path("locationName").asText();
                for (Element child : Xml.children(element)) {
                    list.add(
                            child.getTagName().equals(item)
                                    ? typed(shape.path("member").path("shape").asText(), child)
                                    : TextNode.valueOf("no item: " + child.getTagName()));
                }
                yield list;
            }
            case "integer", "long" ->
                text.matches("-?\\d+") ? LongNode.valueOf(Long.parseLong(text)) : TextNode.valueOf(text);
            case "boolean" ->
                text.matches("true|false") ? BooleanNode.valueOf(text.equals("true")) : TextNode.valueOf(text);
            case "timestamp" -> LongNode.valueOf(Instant.parse(text).toEpochMilli());
            default -> TextNode.valueOf(text);
        };
    }

    /** Whether the model lists this error for the operation. */
    boolean declares(String operation, String error) {
        for (JsonNode declared : operation(operation).path("errors")) {
            if (declared.path("shape").asText().equals(error)) {
                return true;
            }
        }
        return false;
    }

    private void check(String shapeName, JsonNode value, String path, List<String> found) {
        JsonNode shape = model.path("shapes").path(shapeName);
        switch (shape.path("type").asText()) {
            case "structure" -> structure(shape, value, path, found);
            case "list" -> {
                if (!value.isArray()) {
                    found.add(path + " must be a list");
                    return;
                }
                range(shape, value.size(), path, found);
                for (int i = 0; i < value.size(); i++) {
                    check(shape.path("member").path("shape").asText(), value.get(i), path + "[" + i + "]", found);
                }
            }
            case "map" -> {
                if (!value.isObject()) {
                    found.add(path + " must be a map");
                    return;
                }
                for (Map.Entry<String, JsonNode> entry : value.properties()) {
                    String inside = path + "{" + entry.getKey() + "}";
                    check(shape.path("key").path("shape").asText(), TextNode.valueOf(entry.getKey()), inside, found);
                    check(shape.path("value").path("shape").asText(), entry.getValue(), inside, found);
                }
            }
            case "string" -> string(shape, value, path, found);
            case "integer", "long" -> {
                if (!value.isIntegralNumber()) {
                    found.add(path + " must be an integer");
                } else {
                    range(shape, value.asDouble(), path, found);
                }
            }
            case "float", "double", "timestamp" -> {
                if (!value.isNumber()) {
                    found.add(path + " must be a number");
                }
            }
            case "boolean" -> {
                if (!value.isBoolean()) {
                    found.add(path + " must be a boolean");
                }
            }
            default -> found.add(path + " has a shape that this check does not know: " + shapeName);
        }
    }

    private void structure(JsonNode shape, JsonNode value, String path, List<String> found) {
        if (!value.isObject()) {
            found.add(path + " must be a structure");
            return;
        }
        for (JsonNode required : shape.path("required")) {
            if (!value.has(required.asText())) {
                found.add(path + " lacks " + required.asText());
            }
        }
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            JsonNode declared = shape.path("members").path(member.getKey());
            if (declared.isMissingNode()) {
                found.add(path + " has no member " + member.getKey());
            } else {
                check(declared.path("shape").asText(), member.getValue(), path + "." + member.getKey(), found);
            }
        }
    }

    private static void string(JsonNode shape, JsonNode value, String path, List<String> found) {
        if (!value.isTextual()) {
            found.add(path + " must be a string");
            return;
        }
        String text = value.asText();
        range(shape, text.length(), path, found);
        Set<String> values = new HashSet<>();
        shape.path("enum").forEach(v -> values.add(v.asText()));
        if (!values.isEmpty() && !values.contains(text)) {
            found.add(path + " has a value that the model does not list: " + text);
        }
        JsonNode pattern = shape.path("pattern");
        if (pattern.isTextual()
                && !Pattern.compile(pattern.asText()).matcher(text).find()) {
            found.add(path + " does not match " + pattern.asText());
        }
    }

    private static void range(JsonNode shape, double size, String path, List<String> found) {
        if ((shape.has("min") && size < shape.path("min").asDouble())
                || (shape.has("max") && size > shape.path("max").asDouble())) {
            found.add(path + " is out of range");
        }
    }
}
