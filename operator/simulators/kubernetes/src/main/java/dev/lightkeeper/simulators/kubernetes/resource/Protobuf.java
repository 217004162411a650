package dev.lightkeeper.simulators.kubernetes.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.lightkeeper.simulators.kubernetes.wire.Trees;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

/** Reads Kubernetes' protobuf, which some Go programs send for built-in kinds although they understand JSON. */
public final class Protobuf {
    private static final byte[] MAGIC = {'k', '8', 's', 0};
    private static final int VARINT = 0;
    private static final int BYTES = 2;
    private static final int FIRST_AS_BYTES = 10;

    private final JsonNode messages;

    Protobuf(JsonNode messages) {
        this.messages = messages;
    }

    /**
     * Reads an object.
     *
     * @param message its kind
     * @param schema  of the kind
     * @throws IOException when the bytes are none, or hold a field whose number is not in the table
     */
    public ObjectNode read(byte[] body, String message, JsonNode schema) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(body);
        byte[] magic = new byte[MAGIC.length];
        try {
            in.get(magic);
            if (!Arrays.equals(magic, MAGIC)) {
                throw new IOException("the body does not begin as protobuf of Kubernetes does");
            }
            ObjectNode object = Trees.object();
            ObjectNode meta = Trees.object();
            while (in.hasRemaining()) {
                int tag = (int) varint(in);
                ByteBuffer value = (tag & 7) == BYTES ? bytes(in) : ByteBuffer.allocate(0);
                switch (tag >> 3) {
                    case 1 -> typeMeta(value, meta);
                    case 2 -> object = message(value, message, schema);
                    default -> {}
                }
            }
            return meta.setAll(object);
        } catch (BufferUnderflowException e) {
            throw new IOException("the body ends too early", e);
        }
    }

    private static void typeMeta(ByteBuffer in, ObjectNode object) throws IOException {
        while (in.hasRemaining()) {
            int number = (int) varint(in) >> 3;
            String value = text(bytes(in));
            if (!value.isEmpty()) {
                object.put(number == 1 ? "apiVersion" : "kind", value);
            }
        }
    }

    private ObjectNode message(ByteBuffer in, String message, JsonNode schema) throws IOException {
        ObjectNode object = Trees.object();
        while (in.hasRemaining()) {
            int tag = (int) varint(in);
            int wireType = tag & 7;
            if (wireType != VARINT && wireType != BYTES) {
                throw new IOException("wire type " + wireType + " is not expected in " + message);
            }
            ByteBuffer value = wireType == BYTES ? bytes(in) : varintBytes(in);
            String name =
                    messages.path(message).path(Integer.toString(tag >> 3)).asText();
            JsonNode field = schema.path("properties").path(name.replace("*", ""));
            if (name.isEmpty() || field.isMissingNode()) {
                if (value.hasRemaining() && !isStatus(schema, message, tag >> 3)) {
                    throw new IOException("field " + (tag >> 3) + " of " + message + " can only be read from JSON");
                }
                continue;
            }
            add(object, name, field, value, message);
        }
        return object;
    }

    /** Objects always carry their status, and it is always ignored. */
    private static boolean isStatus(JsonNode schema, String message, int number) {
        return number == 3
                && !message.contains(".")
                && schema.path("properties").has("status");
    }

    private void add(ObjectNode object, String marked, JsonNode field, ByteBuffer value, String message)
            throws IOException {
        String name = marked.replace("*", "");
        String nested = field.path(BuiltIns.DEFINITION).asText(message + "." + name);
        if (field.has("items")) {
            JsonNode items = field.path("items");
            JsonNode item = value(items, value, items.path(BuiltIns.DEFINITION).asText(nested));
            ((ArrayNode) (object.has(name) ? object.get(name) : object.putArray(name))).add(item);
        } else if (field.path("additionalProperties").isObject()) {
            entry(Trees.child(object, name), field.path("additionalProperties"), value);
        } else {
            JsonNode read = value(field, value, nested);
            boolean zero = (read.isNumber() && read.asLong() == 0)
                    || (read.isBoolean() && !read.asBoolean())
                    || (read.isTextual() && read.asText().isEmpty());
            if (!zero || marked.endsWith("*")) {
                object.set(name, read);
            }
        }
    }

    private void entry(ObjectNode map, JsonNode values, ByteBuffer in) throws IOException {
        String key = "";
        JsonNode value = TextNode.valueOf("");
        while (in.hasRemaining()) {
            int number = (int) varint(in) >> 3;
            ByteBuffer part = bytes(in);
            if (number == 1) {
                key = text(part);
            } else {
                value = value(values, part, "");
            }
        }
        map.set(key, value);
    }

    private JsonNode value(JsonNode schema, ByteBuffer in, String message) throws IOException {
        if (schema.has("x-kubernetes-int-or-string")) {
            return intOrString(in);
        }
        if (schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
            return raw(in);
        }
        return switch (schema.path("type").asText()) {
            case "integer" -> number(varint(in));
            case "boolean" -> BooleanNode.valueOf(varint(in) != 0);
            case "string" ->
                switch (schema.path("format").asText()) {
                    case "byte" -> TextNode.valueOf(Base64.getEncoder().encodeToString(remaining(in)));
                    case "date-time" -> time(in);
                    default -> TextNode.valueOf(text(in));
                };
            default -> message(in, message, schema);
        };
    }

    private static JsonNode number(long value) {
        return value == (int) value ? IntNode.valueOf((int) value) : LongNode.valueOf(value);
    }

    /** An IntOrString, or a Quantity, which is a text alone. */
    private static JsonNode intOrString(ByteBuffer in) throws IOException {
        boolean isText = false;
        JsonNode result = TextNode.valueOf("");
        while (in.hasRemaining()) {
            int tag = (int) varint(in);
            if ((tag & 7) == BYTES) {
                String value = text(bytes(in));
                result = tag >> 3 == 1 || isText ? TextNode.valueOf(value) : result;
            } else {
                long value = varint(in);
                isText = tag >> 3 == 1 ? value == 1 : isText;
                result = tag >> 3 == 2 && !isText ? number(value) : result;
            }
        }
        return result;
    }

    private static JsonNode time(ByteBuffer in) throws IOException {
        long seconds = 0;
        long nanos = 0;
        while (in.hasRemaining()) {
            int number = (int) varint(in) >> 3;
            long value = varint(in);
            seconds = number == 1 ? value : seconds;
            nanos = number == 2 ? value : nanos;
        }
        return TextNode.valueOf(
                seconds == 0 ? "" : Instant.ofEpochSecond(seconds, nanos).toString());
    }

    /** JSON inside of protobuf. */
    private static JsonNode raw(ByteBuffer in) throws IOException {
        if (!in.hasRemaining()) {
            return Trees.object();
        }
        if (varint(in) != FIRST_AS_BYTES) {
            throw new IOException("a part of the object can only be read from JSON");
        }
        return Trees.parseJson(remaining(bytes(in))).root();
    }

    private static long varint(ByteBuffer in) throws IOException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IOException("a number is too long");
    }

    private static ByteBuffer varintBytes(ByteBuffer in) throws IOException {
        int start = in.position();
        var _ = varint(in);
        return in.slice(start, in.position() - start);
    }

    private static ByteBuffer bytes(ByteBuffer in) throws IOException {
        long length = varint(in);
        if (length < 0 || length > in.remaining()) {
            throw new IOException("the body ends too early");
        }
        ByteBuffer part = in.slice(in.position(), (int) length);
        in.position(in.position() + (int) length);
        return part;
    }

    private static byte[] remaining(ByteBuffer in) {
        byte[] bytes = new byte[in.remaining()];
        in.get(bytes);
        return bytes;
    }

    private static String text(ByteBuffer in) {
        return new String(remaining(in), StandardCharsets.UTF_8);
    }
}
