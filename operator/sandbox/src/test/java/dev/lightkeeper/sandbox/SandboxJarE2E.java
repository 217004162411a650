package dev.lightkeeper.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The built jar as a process, with the embedded Kubernetes API. */
@Isolated("how fast it ends and how much memory it takes are not to be those of a busy machine")
class SandboxJarE2E {
    /** What is asked for is 350; beyond it lies what other machines' page sizes and thread stacks add. */
    private static final long MOST_MEMORY_MIB = 350;

    private static final Duration END = Duration.ofSeconds(2);

    @TempDir
    Path folder;

    private SandboxJar jar;

    @BeforeEach
    void inAFolderOfItsOwn() {
        jar = new SandboxJar(folder);
    }

    @Test
    void helpWorksFromAnywhere() throws Exception {
        assertThat(jar.run("--help")).as(jar.output()).isZero();
        assertThat(jar.output()).contains("--kubernetes", "--story", "--list-stories", "--watch");
    }

    @Test
    void theStoriesAreListed() throws Exception {
        assertThat(jar.run("--list-stories")).as(jar.output()).isZero();
        assertThat(jar.output()).contains("stale-image", "I14", "hotfix-in-an-outage");
    }

    @Test
    void whatCannotBeDoneIsOneLineAndExitCodeTwo() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (List<String> options : List.of(
                    List.of("--no-such-option"),
                    List.of("--story=no-such-story"),
                    List.of("--speed=0"),
                    List.of("--kubernetes=no-such-file"),
                    List.of("--apply=no-such-folder"),
                    List.of("--kubeconfig=/dev/null/kubeconfig"),
                    List.of("--watch", "--kubeconfig=no-such-file"),
                    List.of("--port=" + taken.getLocalPort()),
                    List.of("--aws-port=" + taken.getLocalPort()))) {
                assertThat(jar.run(options.toArray(String[]::new)))
                        .as("%s: %s", options, jar.output())
                        .isEqualTo(2);
                assertThat(jar.output().lines())
                        .as("%s", options)
                        .filteredOn(line -> !line.startsWith("Lightkeeper sandbox") && !line.startsWith("  Kubernetes"))
                        .hasSize(1);
            }
        }
    }

    @Test
    void theSamplesBecomeReadyInLittleMemory() throws Exception {
        assertThat(jar.run("--once", "--speed=100")).as(jar.output()).isZero();

        assertThat(jar.output()).contains("production/api", "production/shop", "Everything that was applied is Ready");
        Matcher memory = Pattern.compile("memory now (\\d+) MiB").matcher(jar.output());
        assertThat(memory.find()).as(jar.output()).isTrue();
        assertThat(Long.parseLong(memory.group(1))).isLessThanOrEqualTo(MOST_MEMORY_MIB);
        assertThat(jar.output().lines()).noneMatch(line -> line.startsWith("WARNING"));
    }

    /** Whoever runs the tests in the background of a shell has Ctrl-C ignored, and a JVM keeps to what it was started with. */
    static List<String> signals() throws IOException {
        Path status = Path.of("/proc/self/status");
        boolean ignored = Files.exists(status)
                && Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .anyMatch(line -> (Long.parseUnsignedLong(
                                                line.substring("SigIgn:".length())
                                                        .strip(),
                                                16)
                                        & 2)
                                != 0);
        return ignored ? List.of("TERM", "KILL") : List.of("TERM", "INT", "KILL");
    }

    /** Ctrl-C reaches the whole group, SIGTERM and SIGKILL only the process that was started. */
    @ParameterizedTest
    @MethodSource("signals")
    void aSignalEndsItAndEverythingThatItStarted(String signal) throws Exception {
        Process sandbox = jar.start("--apply=none");
        await().atMost(SandboxJar.PATIENCE).until(() -> jar.output().contains("get sdep -A") || !sandbox.isAlive());
        List<ProcessHandle> children = sandbox.descendants().toList();
        assertThat(children).as(jar.output()).isNotEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kubeconfig())))
                .isEqualTo("rw-------");

        signal(signal, sandbox);

        await().atMost(END.multipliedBy(2))
                .until(() -> !sandbox.isAlive() && children.stream().noneMatch(ProcessHandle::isAlive));
        if (!signal.equals("KILL")) {
            assertThat(sandbox.exitValue()).as(jar.output()).isZero();
        }
        assertThat(kubeconfig()).doesNotExist();
    }

    @Test
    void whoWatchesSeesPlainLinesUntilTheSandboxEnds(@TempDir Path other) throws Exception {
        Process sandbox = jar.start("--speed=100");
        await().atMost(SandboxJar.PATIENCE).until(() -> Files.exists(kubeconfig()) || !sandbox.isAlive());
        SandboxJar second = new SandboxJar(other);
        Process watching = second.start("--watch", "--kubeconfig=" + kubeconfig());
        await().atMost(SandboxJar.PATIENCE)
                .until(() -> second.output().contains("production/api  Ready Unknown → True") || !watching.isAlive());

        sandbox.destroy();

        assertThat(watching.waitFor(SandboxJar.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        assertThat(watching.exitValue()).as(second.output()).isZero();
        assertThat(second.output())
                .contains("production/api  Ready Unknown → True")
                .doesNotContain("\u001b");
    }

    private Path kubeconfig() {
        return folder.resolve(".sandbox/kubeconfig");
    }

    private static void signal(String name, Process process) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        assertThat(code).isZero();
    }
}
