package dev.lightkeeper.packaging;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** A real Prometheus that scrapes one operator every second, with the rules of the chart. */
final class Prometheus implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final int port = freePort();

    private Prometheus(Path program, int operator, Path folder) throws IOException {
        // Its own interval would be too slow for a test.
        Path rules = Files.writeString(
                folder.resolve("rules.yaml"),
                Repository.read(MonitoringTest.RULES).replace("interval: 30s", "interval: 1s"));
        Path config = Files.writeString(folder.resolve("prometheus.yaml"), config(rules, operator));
        process = new ProcessBuilder(
                        program.toString(),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
    }

    /** As the chart's ServiceMonitor makes it: labels of the operator's own win, and the pod is named. */
    private static String config(Path rules, int operator) {
        return """
                global: {scrape_interval: 1s, evaluation_interval: 1s}
                rule_files: [%s]
                scrape_configs:
                  - job_name: lightkeeper
                    honor_labels: true
                    static_configs:
                      - targets: ["127.0.0.1:%d"]
                        labels: {namespace: lightkeeper, pod: lightkeeper-0, service: lightkeeper}
                """.formatted(rules, operator);
    }

    /** Empty where the program is not on the PATH. */
    static Optional<Prometheus> start(int operator, Path folder) throws IOException {
        Optional<Path> program = Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .map(directory -> Path.of(directory, "prometheus"))
                .filter(Files::isExecutable)
                .findFirst();
        return program.isEmpty() ? Optional.empty() : Optional.of(new Prometheus(program.get(), operator, folder));
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The whole answer; {@code status} in it is {@code success} or {@code error}. */
    JsonNode query(String expression) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:%d/api/v1/query?query=%s"
                .formatted(port, URLEncoder.encode(expression, StandardCharsets.UTF_8)));
        return Repository.JSON.readTree(
                http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                        .body());
    }

    @Override
    public void close() {
        process.destroy();
        http.close();
    }
}
