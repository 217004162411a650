package dev.lightkeeper.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The built jar as a process, with a real kube-apiserver. */
@Isolated("how fast it ends is not to be that of a busy machine")
class SandboxJarApiServerE2E {
    @TempDir
    Path folder;

    private SandboxJar jar;

    @BeforeEach
    void needsBinaries() {
        assertThat(Worlds.binaries()).exists();
        jar = new SandboxJar(folder);
    }

    @Test
    void theSamplesBecomeReady() throws Exception {
        assertThat(jar.run("--kubernetes=server", "--once", "--speed=100"))
                .as(jar.output())
                .isZero();

        assertThat(jar.output()).contains("production/api", "production/shop", "Everything that was applied is Ready");
    }

    @Test
    void aSignalEndsItAndEverythingThatItStarted() throws Exception {
        Process sandbox = jar.start("--kubernetes=server", "--apply=none");
        await().atMost(SandboxJar.PATIENCE).until(() -> jar.output().contains("get sdep -A") || !sandbox.isAlive());
        List<ProcessHandle> children = sandbox.descendants().toList();
        assertThat(children).as(jar.output()).hasSizeGreaterThanOrEqualTo(3);

        sandbox.destroy();

        await().atMost(Duration.ofSeconds(5)).until(() -> !sandbox.isAlive());
        assertThat(sandbox.exitValue()).as(jar.output()).isZero();
        await().atMost(Duration.ofSeconds(2)).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
        assertThat(folder.resolve(".sandbox/kubeconfig")).doesNotExist();
    }
}
