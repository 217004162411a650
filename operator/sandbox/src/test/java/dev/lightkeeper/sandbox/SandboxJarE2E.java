package dev.lightkeeper.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built jar as a process, started from a folder that is not the project's. */
class SandboxJarE2E {
    private static final Path JAR = Path.of("target", "lightkeeper-sandbox.jar").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    @Test
    void helpWorksFromAnywhere() throws Exception {
        Process sandbox = start("--help");

        assertThat(exitCode(sandbox)).as(output()).isZero();
        assertThat(output()).contains("--kubernetes", "--story", "--list-stories");
    }

    @Test
    void theStoriesAreListed() throws Exception {
        Process sandbox = start("--list-stories");

        assertThat(exitCode(sandbox)).as(output()).isZero();
        assertThat(output()).contains("stale-image", "I14", "hotfix-in-an-outage");
    }

    @Test
    void whatCannotBeDoneIsOneLineAndExitCodeTwo() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String binaries = Binaries.needed().toString();
            assertThat(binaries).isNotEmpty();
            List<List<String>> wrong = List.of(
                    List.of("--no-such-option"),
                    List.of("--story=no-such-story"),
                    List.of("--speed=0"),
                    List.of("--kubernetes=embedded"),
                    List.of("--kubernetes=no-such-file"),
                    List.of("--apply=no-such-folder"),
                    List.of("--kubeconfig=/dev/null/kubeconfig"),
                    List.of("--kubernetes=server", "--aws-port=" + taken.getLocalPort()));
            for (List<String> options : wrong) {
                Process sandbox = start(options.toArray(String[]::new));

                assertThat(exitCode(sandbox)).as("%s: %s", options, output()).isEqualTo(2);
                assertThat(output().lines().filter(line -> line.contains("\tat ")))
                        .isEmpty();
            }
        }
    }

    @Test
    void theSamplesBecomeReady() throws Exception {
        Binaries.needed();
        Process sandbox = start("--kubernetes=server", "--once", "--speed=100");

        int code = exitCode(sandbox);

        assertThat(code).as(output()).isZero();
        assertThat(output()).contains("production/api", "production/shop", "Everything that was applied is Ready");
    }

    @Test
    void aSignalEndsItAndEverythingThatItStarted() throws Exception {
        Binaries.needed();
        Process sandbox = start("--kubernetes=server", "--apply=none");
        await().atMost(PATIENCE).until(() -> output().contains("get sdep -A") || !sandbox.isAlive());
        List<ProcessHandle> children = sandbox.descendants().toList();
        assertThat(children).as(output()).hasSizeGreaterThanOrEqualTo(2);
        assertThat(folder.resolve(".sandbox/kubeconfig")).exists();

        sandbox.destroy();

        assertThat(sandbox.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(sandbox.exitValue()).as(output()).isZero();
        await().atMost(Duration.ofSeconds(2)).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
        assertThat(folder.resolve(".sandbox/kubeconfig")).doesNotExist();
    }

    private Process start(String... options) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", JAR.toString()));
        command.addAll(List.of(options));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
    }

    private static int exitCode(Process process) throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("it does not end");
        }
        return process.exitValue();
    }

    private String output() {
        try {
            return Files.readString(folder.resolve("output"), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
