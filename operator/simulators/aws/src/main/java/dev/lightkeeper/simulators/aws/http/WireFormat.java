package dev.lightkeeper.simulators.aws.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Turns bytes into requests and results into bytes, in all protocols. */
final class WireFormat {
    private static final String JSON = "application/x-amz-json-1.1";
    private static final String LIGHTSAIL_DOCS =
            "https://docs.aws.amazon.com/lightsail/2016-11-28/api-reference/CommonErrors.html";
    private final JsonMapper mapper = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    ObjectNode json(byte[] body) {
        if (body.length == 0) {
            return mapper.createObjectNode();
        }
        try {
            if (mapper.readTree(body) instanceof ObjectNode object) {
                return object;
            }
        } catch (IOException e) {
            throw unreadable();
        }
        throw unreadable();
    }

    ObjectNode form(byte[] body) {
        ObjectNode form = mapper.createObjectNode();
        for (String pair : new String(body, StandardCharsets.UTF_8).split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                form.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return form;
    }

    Reply result(Protocol protocol, String operation, ObjectNode result, String requestId) {
        return switch (protocol) {
            case JSON -> new Reply(200, JSON, Map.of("x-amzn-RequestId", requestId), bytes(result));
            case QUERY, EC2 -> XmlFormat.result(protocol, operation, result, requestId);
        };
    }

    Reply error(Protocol protocol, ApiError error, String requestId, boolean explained) {
        return switch (protocol) {
            case JSON -> {
                ObjectNode body = mapper.createObjectNode();
                body.put("__type", error.type());
                body.put("message", error.text());
                if (explained) {
                    body.put("code", error.code());
                    body.put("docs", LIGHTSAIL_DOCS);
                    body.put("tip", "");
                }
                yield new Reply(
                        error.status(),
                        JSON,
                        Map.of("x-amzn-RequestId", requestId, "x-amzn-ErrorType", error.type()),
                        bytes(body));
            }
            case QUERY, EC2 -> XmlFormat.error(protocol, error, requestId);
        };
    }

    /** The error code as this protocol spells it. */
    static String code(Protocol protocol, ApiError error) {
        return protocol == Protocol.JSON ? error.type() : XmlFormat.code(protocol, error);
    }

    private byte[] bytes(JsonNode node) {
        try {
            return mapper.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree can always be written", e);
        }
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw unreadable();
        }
    }

    private static ApiError unreadable() {
        return ApiError.serialization("The request body cannot be read.");
    }
}
