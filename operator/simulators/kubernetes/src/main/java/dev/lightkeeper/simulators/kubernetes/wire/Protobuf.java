package dev.lightkeeper.simulators.kubernetes.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Reads the few kinds that kubectl and Helm send as Kubernetes' protobuf whatever the server prefers, such as what
 * {@code kubectl create secret} makes. Answers are JSON, which those clients accept, too.
 */
public final class Protobuf {
    /** The media type of such a body. */
    public static final String MEDIA_TYPE = "application/vnd.kubernetes.protobuf";

    private static final ByteBuffer MAGIC = ByteBuffer.wrap(new byte[] {'k', '8', 's', 0});
    private static final JsonNode MESSAGES = messages();

    private Protobuf() {}

    /** The object as it would be in JSON. */
    public static ObjectNode read(byte[] body) throws IOException {
        if (body.length < MAGIC.limit() || !ByteBuffer.wrap(body, 0, MAGIC.limit()).equals(MAGIC)) {
            throw new IOException("provided data does not appear to be a protobuf message");
        }
        try {
            ObjectNode envelope = message(ByteBuffer.wrap(body, MAGIC.limit(), body.length - MAGIC.limit()), "Unknown");
            ObjectNode object = Trees.child(envelope, "typeMeta");
            String kind = object.path("kind").asText();
            if (!MESSAGES.has(kind)) {
                throw new IOException("a body of kind " + kind + " is understood as JSON or YAML only");
            }
            object.setAll(message(ByteBuffer.wrap(envelope.path("raw").binaryValue()), kind));
            return object;
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new IOException("unexpected end of a protobuf message", e);
        }
    }

    private static ObjectNode message(ByteBuffer buffer, String message) throws IOException {
        ObjectNode object = Trees.object();
        while (buffer.hasRemaining()) {
            long key = varint(buffer);
            JsonNode value = (key & 7) == 0 ? LongNode.valueOf(varint(buffer)) : BinaryNode.valueOf(bytes(buffer, key));
            JsonNode field = MESSAGES.path(message).path(Long.toString(key >>> 3));
            if (!field.isMissingNode()) {
                String[] typeAndName = field.asText().split(" ", 2);
                set(object, typeAndName[1], typeAndName[0], value);
            }
        }
        return object;
    }

    private static void set(ObjectNode object, String name, String type, JsonNode value) throws IOException {
        if (type.startsWith("[]")) {
            var _ = object.withArrayProperty(name).add(value(type.substring(2), value));
        } else if (type.startsWith("{}")) {
            ByteBuffer entry = ByteBuffer.wrap(value.binaryValue());
            JsonNode key = TextNode.valueOf("");
            JsonNode content = TextNode.valueOf("");
            while (entry.hasRemaining()) {
                long part = varint(entry);
                JsonNode read = BinaryNode.valueOf(bytes(entry, part));
                if (part >>> 3 == 1) {
                    key = value("text", read);
                } else {
                    content = value(type.substring(2), read);
                }
            }
            object.withObjectProperty(name).set(key.asText(), content);
        } else {
            JsonNode read = value(type, value);
            // Go writes the empty values of what is not set, too.
            boolean absent = read.isNull() || read.isTextual() && read.asText().isEmpty();
            if (!absent) {
                object.set(name, read);
            }
        }
    }

    private static JsonNode value(String type, JsonNode value) throws IOException {
        return switch (type) {
            case "number" -> value;
            case "bool" -> BooleanNode.valueOf(value.asLong() != 0);
            case "text" -> TextNode.valueOf(new String(value.binaryValue(), StandardCharsets.UTF_8));
            case "bytes" -> TextNode.valueOf(value.asText());
            case "raw" -> value;
            case "Time" -> time(message(ByteBuffer.wrap(value.binaryValue()), "Time"));
            default -> message(ByteBuffer.wrap(value.binaryValue()), type);
        };
    }

    private static JsonNode time(ObjectNode time) {
        return time.isEmpty()
                ? JsonNodeFactory.instance.nullNode()
                : TextNode.valueOf(Instant.ofEpochSecond(time.path("seconds").asLong())
                        .toString());
    }

    private static byte[] bytes(ByteBuffer buffer, long key) throws IOException {
        long length =
                switch ((int) (key & 7)) {
                    case 1 -> Long.BYTES;
                    case 2 -> varint(buffer);
                    case 5 -> Integer.BYTES;
                    default -> throw new IOException("illegal wire type in a protobuf message");
                };
        if (length < 0 || length > buffer.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[(int) length];
        buffer.get(bytes);
        return bytes;
    }

    private static long varint(ByteBuffer buffer) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = buffer.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number of more than 64 bits");
    }

    private static JsonNode messages() {
        try (InputStream file = Protobuf.class.getResourceAsStream("protobuf.yaml")) {
            if (file == null) {
                throw new IllegalStateException("protobuf.yaml is missing");
            }
            return Trees.ownYaml(file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
