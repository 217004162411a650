package dev.lightkeeper.simulators.aws.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Bytes for a client.
 *
 * @param status HTTP status
 * @param contentType of the body
 * @param headers further headers
 * @param body may be empty
 */
@SuppressWarnings("ArrayRecordComponent")
public record Reply(int status, String contentType, Map<String, String> headers, byte[] body) {
    /**
     * {@return a reply with text}
     *
     * @param status HTTP status
     * @param contentType of the body
     * @param body text, sent as UTF-8
     */
    public static Reply text(int status, String contentType, String body) {
        return new Reply(status, contentType, Map.of(), body.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "Reply[" + status + ", " + body.length + " bytes]";
    }
}
