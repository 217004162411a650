package dev.lightkeeper.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The image, part of every build that makes one: what it says, what is in it, and that it starts with nothing else. */
@SuppressWarnings("NullAway.Init")
class ImageCheck {
    private static final long MOST_BYTES = 120_000_000;
    private static final String NOBODY = "65532:65532";
    private static final int SIGTERM = 143;

    /** What a container runtime does with a read-only root file system, and no more. */
    private static final String CONTAINER = """
            set -eu
            root=$1; shift
            mount --bind "$root" "$root"
            mount -o remount,ro,bind "$root"
            mount -t tmpfs tmpfs "$root/tmp"
            mount -t proc proc "$root/proc"
            mount --rbind /dev "$root/dev"
            exec chroot --userspec=%s "$root" "$@"
            """.formatted(NOBODY);

    @TempDir
    private Path folder;

    private Image image;

    @BeforeEach
    void unpack() throws IOException, InterruptedException {
        image = Image.of(Path.of(System.getProperty("image.tar")), folder);
    }

    @Test
    void itIsSmall() throws IOException {
        long bytes = 0;
        for (Path layer : image.layers()) {
            System.out.printf("layer %s: %,d bytes compressed%n", layer.getFileName(), Files.size(layer));
            bytes += Files.size(layer);
        }
        System.out.printf("image: %,d bytes compressed, %,d allowed%n", bytes, MOST_BYTES);
        assertThat(bytes).isLessThan(MOST_BYTES);
    }

    @Test
    void itRunsAsNobodyWithoutAShell() throws IOException {
        JsonNode config = image.config();

        assertThat(config.at("/config/User").asText()).isEqualTo(NOBODY);
        assertThat(config.at("/config/Entrypoint/0").asText()).endsWith("/bin/java");
        assertThat(config.at("/config/ExposedPorts").has("8080/tcp")).isTrue();
        assertThat(config.path("os").asText()).isEqualTo("linux");
        assertThat(config.path("architecture").asText())
                .isEqualTo(System.getProperty("os.arch").replace("aarch64", "arm64"));
    }

    /** The same files make the same layers: nothing in them is of the hour or the person who built them. */
    @Test
    void everyFileIsOfRootAndOfOneTime() throws IOException, InterruptedException {
        for (Path layer : image.layers()) {
            assertThat(Image.entries(layer))
                    .isNotEmpty()
                    .allMatch(entry -> entry.matches("\\S+ 0/0 +\\d+ 1970-01-01 00:00:01 .*"));
        }
    }

    @Test
    void itsCacheIsTheOneThatThisBuildMade() throws IOException, InterruptedException {
        Path cache = image.root(folder).resolve("opt/lightkeeper/cache/lightkeeper.aot");

        assertThat(Files.mismatch(cache, new Installed(Path.of("target", "lightkeeper")).cache()))
                .isEqualTo(-1);
    }

    /** Started as a pod of the chart is: not root, nothing to be written but /tmp. The cache has to fit, or it ends. */
    @Test
    void itComesToLifeFromItsLayersAlone() throws IOException, InterruptedException {
        Path root = image.root(folder);
        Path log = folder.resolve("log");
        try (Stage stage = new Stage(folder)) {
            stage.deploy("api");
            Process operator = start(root, stage.environment(), log);
            try {
                await().atMost(Duration.ofMinutes(1))
                        .ignoreExceptions()
                        .untilAsserted(() -> assertThat(stage.ask("/readyz")).isEqualTo("ok\n"));
                stage.untilReady("api");
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(Files.readString(log), e);
            } finally {
                assertThat(Installed.end(operator)).as(Files.readString(log)).isEqualTo(SIGTERM);
            }
        }
    }

    private Process start(Path root, Map<String, String> environment, Path log)
            throws IOException, InterruptedException {
        List<String> entrypoint = new ArrayList<>();
        image.config().at("/config/Entrypoint").forEach(word -> entrypoint.add(word.asText()));
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("JAVA_TOOL_OPTIONS", "-XX:AOTMode=on");
        List<String> command = new ArrayList<>();
        if (canMount()) {
            Path kubeconfig = root.resolve("kubeconfig");
            Path _ = Files.copy(Path.of(environment.get("KUBECONFIG")), kubeconfig);
            variables.put("KUBECONFIG", "/kubeconfig");
            for (String mounted : List.of("proc", "dev")) {
                Path _ = Files.createDirectories(root.resolve(mounted));
            }
            command.addAll(List.of("unshare", "--mount", "sh", "-c", CONTAINER, "sh", root.toString()));
            command.addAll(entrypoint);
        } else {
            System.out.println("the image is started in its folder: this user must not mount and chroot");
            entrypoint.forEach(word -> command.add(word.replace("/opt/", root + "/opt/")));
        }
        ProcessBuilder builder = new ProcessBuilder(command);
        if (canMount()) {
            String path = builder.environment().get("PATH");
            builder.environment().clear();
            variables.put("PATH", path);
        }
        builder.environment().putAll(variables);
        return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }

    private static boolean canMount() throws IOException, InterruptedException {
        return new ProcessBuilder("unshare", "--mount", "true").start().waitFor() == 0;
    }
}
