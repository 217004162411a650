package dev.lightkeeper.simulators.aws.application;

import java.util.Locale;
import java.util.Map;

/** An HTTP request as an application sees it; names of headers in lower case, path without query. */
record Request(String method, String path, Map<String, String> headers) {
    static Request healthCheck(String path) {
        int query = path.indexOf('?');
        return new Request(
                "GET", query < 0 ? path : path.substring(0, query), Map.of("user-agent", "ELB-HealthChecker/2.0"));
    }

    String header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }
}
