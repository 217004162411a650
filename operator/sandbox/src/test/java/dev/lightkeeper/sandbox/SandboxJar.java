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

/** Starts the built jar as a process. */
final class SandboxJar {
    static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Path JAR = Path.of("target", "lightkeeper-sandbox.jar").toAbsolutePath();

    private final Path workingDirectory;
    private final Path output;

    /** In a folder that is not the project's. */
    SandboxJar(Path folder) {
        this(folder, folder.resolve("output"));
    }

    SandboxJar(Path workingDirectory, Path output) {
        this.workingDirectory = workingDirectory;
        this.output = output;
    }

    Process start(String... options) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", JAR.toString()));
        command.addAll(List.of(options));
        return new ProcessBuilder(command)
                .directory(workingDirectory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
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
            return Files.readString(output, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
