package dev.lightkeeper.simulators.aws.application;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What comes of a request. */
sealed interface Outcome {
    /** An HTTP answer; {@code truncateAt} 0 sends the whole body. */
    record Answer(
            int status,
            Map<String, String> headers,
            String body,
            int latencyMillis,
            int truncateAt,
            @Nullable String logLine)
            implements Outcome {}

    /** No HTTP answer of an application. */
    enum NoAnswer implements Outcome {
        /** Nobody listens on the port. */
        REFUSED,
        /** The application closed the connection. */
        DROPPED,
        /** The deployment has no public endpoint. */
        NO_ENDPOINT,
        /** No node passes AWS's health check. */
        NO_HEALTHY_NODE
    }
}
