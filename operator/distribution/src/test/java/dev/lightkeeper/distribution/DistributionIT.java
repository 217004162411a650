package dev.lightkeeper.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
