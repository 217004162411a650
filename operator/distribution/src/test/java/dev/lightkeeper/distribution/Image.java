package dev.lightkeeper.distribution;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * An OCI image that was unpacked from its tar.
 *
 * @param folder with the layout of OCI
 */
record Image(Path folder) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Image of(Path tar, Path folder) throws IOException, InterruptedException {
        Path layout = Files.createDirectories(folder.resolve("layout"));
        String _ = run("tar", "-xf", tar.toString(), "-C", layout.toString());
        return new Image(layout);
    }

    JsonNode config() throws IOException {
        return blob(manifest().at("/config/digest").asText());
    }

    List<Path> layers() throws IOException {
        return StreamSupport.stream(manifest().path("layers").spliterator(), false)
                .map(layer -> path(layer.path("digest").asText()))
                .toList();
    }

    /** What the files of a layer are: mode, owner, time in UTC, name; as tar prints them. */
    static Stream<String> entries(Path layer) throws IOException, InterruptedException {
        return run(
                        "tar",
                        "--warning=no-unknown-keyword",
                        "--utc",
                        "--full-time",
                        "--numeric-owner",
                        "-tvzf",
                        layer.toString())
                .lines();
    }

    /** All layers on top of each other, with the owners that they say when this process may give files away. */
    Path root(Path folder) throws IOException, InterruptedException {
        Path root = Files.createDirectories(folder.resolve("root"));
        for (Path layer : layers()) {
            String _ = run(
                    "tar",
                    "--warning=no-unknown-keyword",
                    "-xpzf",
                    layer.toString(),
                    "--numeric-owner",
                    "-C",
                    root.toString());
        }
        return root;
    }

    private JsonNode manifest() throws IOException {
        return blob(JSON.readTree(folder.resolve("index.json").toFile())
                .at("/manifests/0/digest")
                .asText());
    }

    private JsonNode blob(String digest) throws IOException {
        return JSON.readTree(path(digest).toFile());
    }

    private Path path(String digest) {
        return folder.resolve("blobs").resolve(digest.replace(':', '/'));
    }

    static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(List.of(command) + ": " + said);
        }
        return said;
    }
}
