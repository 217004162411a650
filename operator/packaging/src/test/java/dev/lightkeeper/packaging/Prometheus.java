package dev.lightkeeper.packaging;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
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
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real Prometheus that scrapes one operator every second, with the rules of the chart. */
final class Prometheus implements AutoCloseable {
    /** In its log, with the port that it was given. */
    private static final Pattern LISTENING = Pattern.compile("\"Listening on\".* address=(127\\.0\\.0\\.1:\\d+)");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final Path log;

    private Prometheus(Path program, int operator, Path folder) throws IOException {
        // Its own interval would be too slow for a test.
        Path rules = Files.writeString(
                folder.resolve("rules.yaml"),
                Repository.read(MonitoringTest.RULES).replace("interval: 30s", "interval: 1s"));
        Path config = Files.writeString(folder.resolve("prometheus.yaml"), config(rules, operator));
        log = folder.resolve("prometheus.log");
        process = new ProcessBuilder(
                        program.toString(),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:0")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
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

    private String address() {
        return await().until(() -> LISTENING.matcher(Repository.read(log)), Matcher::find)
                .group(1);
    }

    /** The whole answer; {@code status} in it is {@code success} or {@code error}. */
    JsonNode query(String expression) throws IOException, InterruptedException {
        URI uri = URI.create("http://%s/api/v1/query?query=%s"
                .formatted(address(), URLEncoder.encode(expression, StandardCharsets.UTF_8)));
        return Repository.JSON.readTree(
                http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                        .body());
    }

    @Override
    public void close() {
        process.destroy();
        http.close();
        // Its folder goes after it.
        var _ = process.onExit()
                .completeOnTimeout(process, 30, TimeUnit.SECONDS)
                .join()
                .destroyForcibly()
                .onExit()
                .join();
    }
}
