package dev.lightkeeper.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows of the sandbox is what it prints. */
class ReadmeE2E {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final String START = "Lightkeeper sandbox";
    private static final String HAPPENS = "What happens";
    private static final String TOOK = "From the start of the JVM";

    @TempDir
    Path folder;

    @Test
    void theTranscriptIsTrue() throws IOException {
        List<String> shown = transcript(Files.readString(ROOT.resolve("README.md")));
        SandboxJar jar = new SandboxJar(ROOT, folder.resolve("output"));
        Path kubeconfig = folder.resolve("kubeconfig");
        Process sandbox = jar.start("--kubeconfig=" + kubeconfig);
        try {
            // The services take turns as they like.
            await().atMost(SandboxJar.PATIENCE)
                    .untilAsserted(() -> assertThat(printed(jar, kubeconfig)).containsAll(shown));
        } finally {
            sandbox.destroy();
        }
        List<String> printed = printed(jar, kubeconfig);

        int begins = shown.indexOf(HAPPENS);
        assertThat(begins).isPositive();
        assertThat(printed.subList(0, begins + 1)).isEqualTo(shown.subList(0, begins + 1));
    }

    private List<String> printed(SandboxJar jar, Path kubeconfig) {
        return normal(jar.output()
                .replace(kubeconfig.toString(), ".sandbox/kubeconfig")
                .replace(folder.toString(), ".sandbox"));
    }

    private static List<String> transcript(String readme) {
        String from = readme.substring(readme.indexOf(START));
        return normal(from.substring(0, from.indexOf("```")));
    }

    /** Without what differs from machine to machine and from run to run. */
    private static List<String> normal(String text) {
        return text.replaceAll("127\\.0\\.0\\.1:\\d+", "127.0.0.1:PORT")
                .replaceAll("(?m)^ +\\d+\\.\\d s  ", "TIME  ")
                .replaceAll("(?<=%s.{0,99})\\d+(\\.\\d)?(?= s\\b| MiB)".formatted(TOOK), "N")
                .replaceAll("\\S+/bin/java -jar", "java -jar")
                .replaceAll("\\bi-[0-9a-f]{17}\\b", "i-INSTANCE")
                .lines()
                .map(String::stripTrailing)
                .toList();
    }
}
