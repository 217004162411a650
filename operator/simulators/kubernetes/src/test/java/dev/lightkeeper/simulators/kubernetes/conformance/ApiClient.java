package dev.lightkeeper.simulators.kubernetes.conformance;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Plain HTTP with the credentials of a kubeconfig, so that no client library stands between a case and the server. */
final class ApiClient implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Config config;
    private final HttpClient http;

    ApiClient(String kubeConfig) throws IOException, GeneralSecurityException {
        config = Config.fromKubeconfig(kubeConfig);
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(LIMIT);
        if (config.getMasterUrl().startsWith("https")) {
            builder.sslContext(SSLUtils.sslContext(config));
        }
        http = builder.build();
    }

    HttpResponse<String> send(String method, String path, Map<String, String> headers, @Nullable String body)
            throws IOException, InterruptedException {
        return http.send(request(method, path, headers, body), BodyHandlers.ofString());
    }

    /** Returns as soon as the answer's headers are there. */
    HttpResponse<InputStream> open(String path) throws IOException, InterruptedException {
        return http.send(request("GET", path, Map.of(), null), BodyHandlers.ofInputStream());
    }

    private HttpRequest request(String method, String path, Map<String, String> headers, @Nullable String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(config.getMasterUrl().replaceAll("/$", "") + path.replace(" ", "%20")))
                .timeout(LIMIT)
                // The field manager of a request that names none.
                .setHeader("User-Agent", "conformance/1.0")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        String token = config.getAutoOAuthToken();
        if (token != null) {
            request.setHeader("Authorization", "Bearer " + token);
        }
        headers.forEach(request::setHeader);
        return request.build();
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }
}
