package dev.lightkeeper.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was built, started as a process of its own. */
class DistributionIT {
    private static final int SIGTERM = 143;

    private final Installed installed = new Installed(Path.of("target", "lightkeeper"));

    @TempDir
    private Path folder;

    @Test
    void itSaysItsVersion() throws IOException, InterruptedException {
        assertThat(run(Map.of(), "--version")).isZero();
        assertThat(log()).startsWith("lightkeeper ").doesNotContain("unknown");
    }

    @Test
    void badSettingsAreToldByTheExitCode() throws IOException, InterruptedException {
        assertThat(run(Map.of("LIGHTKEEPER_SPEED", "fast"), "--check-config")).isEqualTo(2);
        assertThat(log()).contains("LIGHTKEEPER_SPEED must be");
        assertThat(run(Map.of(), "--check-config")).isZero();
    }

    @Test
    void itBringsAServiceToLifeTellsWhatItDidAndEndsOnSigterm() throws IOException, InterruptedException {
        try (Stage stage = new Stage(folder)) {
            stage.deploy("api");
            Process operator = installed.start(stage.environment(), file(), "", List.of());
            try {
                stage.untilReady("api");
                assertThat(stage.ask("/livez")).isEqualTo("ok\n");
                assertThat(stage.ask("/metrics")).contains("lightkeeper_leader 1.0");
            } finally {
                assertThat(Installed.end(operator)).isEqualTo(SIGTERM);
            }
        }
        List<String> calls = log().lines()
                .filter(line -> line.contains("CreateContainerServiceDeployment succeeded"))
                .toList();
        assertThat(calls)
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line)
                        .startsWith("{")
                        .contains(
                                "\"reconcile.id\":\"",
                                "\"resource.namespace\":\"lightkeeper\"",
                                "\"resource.name\":\"api\"")
                        .contains("\"resource.generation\":\"1\"", "\"aws.requestId\":\""));
    }

    @Test
    void aCollectorIsSentTheSpansOfRunsStepsAndCallsOfAws() throws IOException, InterruptedException {
        List<String> received = new CopyOnWriteArrayList<>();
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var _ = collector.createContext("/v1/traces", exchange -> {
            // Texts are in the clear in protobuf.
            received.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        try (Stage stage = new Stage(folder)) {
            Map<String, String> environment = new HashMap<>(stage.environment());
            environment.put(
                    "OTEL_EXPORTER_OTLP_ENDPOINT",
                    "http://127.0.0.1:" + collector.getAddress().getPort());
            stage.deploy("api");
            Process operator = installed.start(environment, file(), "", List.of());
            try {
                stage.untilReady("api");
            } finally {
                assertThat(Installed.end(operator)).isEqualTo(SIGTERM);
            }
        } finally {
            collector.stop(0);
        }
        assertThat(String.join("", received))
                .contains("reconcile ServiceDeployment", "resolve", "observe", "plan", "act", "verify", "tell")
                .contains("lightkeeper.reason", "CreatingService", "reconcile.id")
                .contains("lightsail.CreateContainerServiceDeployment", "aws.request_id", "service.name");
    }

    /** A ConfigMap that is mounted: its files are links into a folder that is exchanged as a whole. */
    @Test
    void aChangeOfTheMountedFileChangesTheLevelOfTheLogOfARunningOperator() throws IOException, InterruptedException {
        Path mounted = Files.createDirectories(folder.resolve("config"));
        mount(mounted, "1", "INFO");
        Path file = Files.createSymbolicLink(
                mounted.resolve("lightkeeper.properties"), Path.of("..data", "lightkeeper.properties"));
        try (Stage stage = new Stage(folder)) {
            Map<String, String> environment = new HashMap<>(stage.environment());
            environment.put("LIGHTKEEPER_CONFIG_FILE", file.toString());
            stage.deploy("api");
            Process operator = installed.start(environment, file(), "", List.of());
            try {
                stage.untilReady("api");
                assertThat(log()).contains("\"level\":\"INFO\"").doesNotContain("\"level\":\"DEBUG\"");

                mount(mounted, "2", "DEBUG");

                await().atMost(Duration.ofMinutes(1))
                        .untilAsserted(() ->
                                assertThat(log()).contains("\"level\":\"DEBUG\"", "the level of the log is DEBUG"));
            } finally {
                assertThat(Installed.end(operator)).isEqualTo(SIGTERM);
            }
        }
    }

    private static void mount(Path mounted, String version, String level) throws IOException {
        Path data = Files.createDirectories(mounted.resolve(version));
        Path _ = Files.writeString(
                data.resolve("lightkeeper.properties"), "LIGHTKEEPER_LOG_LEVEL=%s%n".formatted(level));
        Path link = Files.createSymbolicLink(mounted.resolve("..data_tmp"), Path.of(version));
        Path _ = Files.move(link, mounted.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    private int run(Map<String, String> environment, String option) throws IOException, InterruptedException {
        Process process = installed.start(environment, file(), "", List.of(option));
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return process.exitValue();
    }

    private Path file() {
        return folder.resolve("log");
    }

    private String log() throws IOException {
        return Files.readString(file());
    }
}
