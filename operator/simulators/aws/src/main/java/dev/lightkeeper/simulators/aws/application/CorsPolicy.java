package dev.lightkeeper.simulators.aws.application;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an application answers browsers of other origins. An application without a policy sends no such header and treats
 * a preflight as any other request.
 *
 * @param allowedOrigins origins, or {@code *}
 * @param allowedMethods told to a preflight
 * @param allowedHeaders told to a preflight
 * @param credentials also send {@code Access-Control-Allow-Credentials: true}
 * @param missingOnErrors no header on a status of 400 and above
 * @param failsPreflight an OPTIONS request is answered as any other request
 * @param always send the first allowed origin to everybody, whatever the request's origin is
 */
public record CorsPolicy(
        List<String> allowedOrigins,
        List<String> allowedMethods,
        List<String> allowedHeaders,
        boolean credentials,
        boolean missingOnErrors,
        boolean failsPreflight,
        boolean always) {
    public CorsPolicy {
        allowedOrigins = allowedOrigins == null ? List.of("*") : List.copyOf(allowedOrigins);
        allowedMethods = allowedMethods == null
                ? List.of("GET", "HEAD", "PUT", "PATCH", "POST", "DELETE")
                : List.copyOf(allowedMethods);
        allowedHeaders =
                allowedHeaders == null ? List.of("content-type", "authorization") : List.copyOf(allowedHeaders);
    }

    Map<String, String> headers(String origin) {
        Map<String, String> headers = new LinkedHashMap<>();
        String allowed = allowedOrigin(origin);
        if (allowed == null) {
            return headers;
        }
        headers.put("Access-Control-Allow-Origin", allowed);
        if (!allowed.equals("*")) {
            headers.put("Vary", "Origin");
        }
        if (credentials) {
            headers.put("Access-Control-Allow-Credentials", "true");
        }
        return headers;
    }

    Map<String, String> preflightHeaders(String origin) {
        Map<String, String> headers = headers(origin);
        if (!headers.isEmpty()) {
            headers.put("Access-Control-Allow-Methods", String.join(",", allowedMethods));
            headers.put("Access-Control-Allow-Headers", String.join(",", allowedHeaders));
        }
        return headers;
    }

    private @Nullable String allowedOrigin(String origin) {
        if (allowedOrigins.contains("*")) {
            return "*";
        }
        if (allowedOrigins.contains(origin)) {
            return origin;
        }
        return always ? allowedOrigins.getFirst() : null;
    }
}
