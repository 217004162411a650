package dev.lightkeeper.probe;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a request goes, taken from an absolute URI.
 *
 * @param authority for the Host header: without the port that the scheme implies
 * @param host to resolve and to verify, without brackets and without a trailing dot (certificates know neither)
 * @param path with query, as it is sent
 */
record HttpTarget(String method, boolean secure, String authority, String host, int port, String path) {
    /** Empty if it is not an http or https address with a plain host name. */
    static Optional<HttpTarget> of(String method, URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean secure = scheme.equals("https");
        if (uri.getHost() == null || uri.getUserInfo() != null || !(secure || scheme.equals("http"))) {
            return Optional.empty();
        }
        int implied = secure ? 443 : 80;
        int port = uri.getPort() < 0 ? implied : uri.getPort();
        String name = uri.getHost().endsWith(".")
                ? uri.getHost().substring(0, uri.getHost().length() - 1)
                : uri.getHost();
        String host = name.startsWith("[") ? name.substring(1, name.length() - 1) : name;
        if (port < 1 || port > 65535 || host.isEmpty() || !method.matches("[A-Z]{1,20}")) {
            return Optional.empty();
        }
        URI ascii = URI.create(uri.toASCIIString());
        String path = ascii.getRawPath() == null || ascii.getRawPath().isEmpty() ? "/" : ascii.getRawPath();
        String query = ascii.getRawQuery() == null ? "" : "?" + ascii.getRawQuery();
        return Optional.of(
                new HttpTarget(method, secure, port == implied ? name : name + ":" + port, host, port, path + query));
    }
}
