package dev.lightkeeper.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HealthServerTest {
    @Test
    void eachQuestionHasItsPath() throws IOException, InterruptedException {
        try (HealthServer server =
                new HealthServer(0, () -> Optional.of("it hangs"), () -> true, () -> "some_metric 1\n")) {
            assertThat(get(server, "/metrics").body()).isEqualTo("some_metric 1\n");
            assertThat(get(server, "/livez").statusCode()).isEqualTo(503);
            assertThat(get(server, "/livez").body()).isEqualTo("it hangs\n");
            assertThat(get(server, "/readyz").statusCode()).isEqualTo(200);
            assertThat(get(server, "/nothing").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void livingAndReadinessAreTwoThings() throws IOException, InterruptedException {
        try (HealthServer server = new HealthServer(0, Optional::empty, () -> false, () -> "")) {
            assertThat(get(server, "/livez").statusCode()).isEqualTo(200);
            assertThat(get(server, "/readyz").statusCode()).isEqualTo(503);
        }
    }

    @Test
    void livingIsToldByThreadsThatBusyVirtualThreadsCannotHoldUp() throws IOException, InterruptedException {
        AtomicBoolean virtual = new AtomicBoolean(true);
        try (HealthServer server = new HealthServer(
                0,
                () -> {
                    virtual.set(Thread.currentThread().isVirtual());
                    return Optional.empty();
                },
                () -> true,
                () -> "")) {
            assertThat(get(server, "/livez").statusCode()).isEqualTo(200);
        }
        assertThat(virtual).isFalse();
    }

    private static HttpResponse<String> get(HealthServer server, String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
