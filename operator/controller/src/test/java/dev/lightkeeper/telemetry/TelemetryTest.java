package dev.lightkeeper.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.reconcile.Observations.Outcome;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TelemetryTest {
    @Test
    void runsAndCallsAreServedAsMetrics() throws IOException, InterruptedException {
        try (Telemetry telemetry = new Telemetry(Clock.systemUTC());
                HealthServer server = new HealthServer(0, () -> true, () -> false, telemetry::scrape)) {
            telemetry.ran("ServiceDeployment", Outcome.written, Duration.ofMillis(5));
            telemetry.awsCall("lightsail:GetContainerServices", "success", Duration.ofMillis(5));

            assertThat(get(server, "/metrics").body())
                    .contains("lightkeeper_reconcile_seconds_count{kind=\"ServiceDeployment\",outcome=\"written\"} 1")
                    .contains("lightkeeper_aws_calls_seconds_count{")
                    .contains("lightkeeper_checks{status=\"Failing\"} 0")
                    .contains("lightkeeper_readings_oldest_seconds{kind=\"log\"} 0")
                    .contains("lightkeeper_readings_oldest_seconds{kind=\"images\"} 0");
            assertThat(get(server, "/livez").statusCode()).isEqualTo(200);
            assertThat(get(server, "/readyz").statusCode()).isEqualTo(503);
            assertThat(get(server, "/nothing").statusCode()).isEqualTo(404);
        }
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
