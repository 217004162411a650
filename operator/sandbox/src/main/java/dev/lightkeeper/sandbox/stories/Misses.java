package dev.lightkeeper.sandbox.stories;

import dev.lightkeeper.sandbox.World;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Tries of readiness that missed, of all services of a namespace, as the operator's metrics count them. */
record Misses(World world, String namespace) {
    private static final String TRIES = "lightkeeper_readiness_tries_total{";
    private static final Duration LONGEST = Duration.ofSeconds(5);

    /** How many there have been. */
    double counted() throws InterruptedException {
        URI metrics = URI.create("http://127.0.0.1:%d/metrics".formatted(world.metricsPort()));
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(metrics).timeout(LONGEST).build();
            return http.send(request, HttpResponse.BodyHandlers.ofString())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(TRIES)
                            && line.contains("namespace=\"%s\"".formatted(namespace))
                            && line.contains("result=\"bad\""))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        } catch (IOException e) {
            throw new StoryBroken("the metrics of the operator", "they are not answered: " + e.getMessage());
        }
    }
}
