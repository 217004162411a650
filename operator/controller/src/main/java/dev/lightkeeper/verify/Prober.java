package dev.lightkeeper.verify;

import dev.lightkeeper.desired.SecretText;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Asks a service over HTTP, from the outside. One call is one request on a new connection. */
public interface Prober {
    /** Never throws for what the other side does; redirects are not followed. */
    Answer ask(Request request);

    /**
     * What to ask.
     *
     * @param uri absolute, with path and query
     * @param headers sent as they are; values are unprintable
     * @param timeout for the whole exchange, body included
     */
    record Request(String method, URI uri, Map<String, SecretText> headers, Duration timeout) {}

    /** What came back. */
    sealed interface Answer {
        /**
         * A complete HTTP response.
         *
         * @param headers lower-case name to values
         * @param body decoded as UTF-8 with replacement, at most as long as the prober allows
         * @param bodyCut the body was longer than that
         * @param latency from sending to the last byte
         */
        record Response(int status, Map<String, List<String>> headers, String body, boolean bodyCut, Duration latency)
                implements Answer {}

        /** No complete HTTP response. */
        record NoResponse(Fault fault, String message) implements Answer {}
    }

    /** How a request came to nothing. */
    enum Fault {
        /** The name does not resolve. */
        DNS,
        /** No connection: refused, reset before the request, unreachable. */
        CONNECT,
        TLS,
        /** Nothing complete within the time-out. */
        TIMEOUT,
        /** The connection ended inside the answer. */
        TRUNCATED,
        /** What came is not HTTP that can be read. */
        MALFORMED,
        /** The address may not be probed (link-local, metadata, private or loopback range). */
        REFUSED_ADDRESS
    }
}
