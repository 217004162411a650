package dev.lightkeeper.simulators.kubernetes.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;

/** What a request is answered with. */
public sealed interface Answer {
    /** The HTTP status. */
    int status();

    /**
     * A tree, as JSON or, when the client prefers it, as YAML.
     *
     * @param status   HTTP status
     * @param tree     to send
     * @param warnings for {@code Warning} headers
     */
    record Tree(int status, JsonNode tree, List<String> warnings) implements Answer {
        /** A tree without warnings. */
        public static Tree of(int status, JsonNode tree) {
            return new Tree(status, tree, List.of());
        }
    }

    /**
     * Plain text.
     *
     * @param status HTTP status
     * @param text   to send
     */
    record Text(int status, String text) implements Answer {}

    /**
     * JSON values, one after the other, for as long as they come.
     *
     * @param status HTTP status
     * @param source writes them; returns when the stream ends
     */
    record Stream(int status, Source source) implements Answer {}

    /** Writes a stream. */
    interface Source {
        /** Writes until the stream ends. */
        void writeTo(Sink sink) throws IOException, InterruptedException;
    }

    /** Takes the values of a stream. */
    interface Sink {
        /** Sends a value at once. */
        void send(JsonNode value) throws IOException;
    }
}
