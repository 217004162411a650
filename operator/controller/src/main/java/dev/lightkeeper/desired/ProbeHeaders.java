package dev.lightkeeper.desired;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The request headers of the declared checks, resolved.
 *
 * @param readiness by header name
 * @param endpoints by name of the endpoint check, then by header name
 * @param obstacles why a header of an Advisory endpoint check cannot be sent, by name of the check: it is then not asked.
 *     That of a check that counts is a {@link Problem}
 */
public record ProbeHeaders(
        Map<String, SecretText> readiness,
        Map<String, Map<String, SecretText>> endpoints,
        Map<String, String> obstacles) {
    /** Of checks that declare none. */
    public static final ProbeHeaders NONE = new ProbeHeaders(Map.of(), Map.of(), Map.of());

    public ProbeHeaders {
        readiness = Map.copyOf(readiness);
        endpoints = Map.copyOf(endpoints);
        obstacles = Map.copyOf(obstacles);
    }

    /** The headers of that endpoint check. */
    public Map<String, SecretText> endpoint(String name) {
        return endpoints.getOrDefault(name, Map.of());
    }

    /** Why that endpoint check cannot be asked, null when it can. */
    public @Nullable String obstacle(String name) {
        return obstacles.get(name);
    }
}
