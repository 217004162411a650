package dev.lightkeeper.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts the built jar as a process, in a folder that is not the project's. */
final class SandboxJar {
    static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Path JAR = Path.of("target", "lightkeeper-sandbox.jar").toAbsolutePath();

    private final Path folder;

    SandboxJar(Path folder) {
        this.folder = folder;
    }

    Process start(String... options) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", JAR.toString()));
        command.addAll(List.of(options));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
    }

    /** Runs it to its end. */
    int run(String... options) throws IOException, InterruptedException {
        Process process = start(options);
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroy();
            throw new AssertionError("it does not end: " + output());
        }
        return process.exitValue();
    }

    /** Of the process that was started last. */
    String output() {
        try {
            return Files.readString(folder.resolve("output"), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
