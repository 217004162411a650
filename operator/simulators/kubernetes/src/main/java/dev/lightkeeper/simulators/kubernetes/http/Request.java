package dev.lightkeeper.simulators.kubernetes.http;

import com.sun.net.httpserver.Headers;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A request as it came over the wire.
 *
 * @param method  HTTP method
 * @param prefix  path before the API's own, under which the client reaches the server
 * @param path    path of the API
 * @param query   parameters
 * @param headers HTTP headers
 * @param body    may be empty
 */
@SuppressWarnings("ArrayRecordComponent")
public record Request(
        String method, String prefix, String path, Map<String, List<String>> query, Headers headers, byte[] body) {

    /** Cuts a URI into its parts. */
    static Request of(String method, String prefix, URI uri, Headers headers, byte[] body) {
        String path = uri.getPath().substring(prefix.length());
        boolean slash = path.endsWith("/") && path.length() > 1;
        return new Request(
                method, prefix, slash ? path.substring(0, path.length() - 1) : path, query(uri), headers, body);
    }

    /** The first value of a parameter; empty when there is none. */
    public String parameter(String name) {
        return query.getOrDefault(name, List.of("")).getFirst();
    }

    /** Whether a parameter is on: given, and neither false nor 0. */
    public boolean flag(String name) {
        return query.containsKey(name) && !List.of("false", "0").contains(parameter(name));
    }

    /** A header; empty when there is none. */
    public String header(String name) {
        String value = headers.getFirst(name);
        return value == null ? "" : value;
    }

    private static Map<String, List<String>> query(URI uri) {
        Map<String, List<String>> query = new HashMap<>();
        String raw = uri.getRawQuery();
        if (raw != null) {
            for (String pair : raw.split("&", -1)) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                query.computeIfAbsent(decoded(name), _ -> new ArrayList<>()).add(decoded(value));
            }
        }
        return query;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
