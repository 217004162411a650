package dev.lightkeeper.simulators.kubernetes.conformance;

import dev.lightkeeper.simulators.kubernetes.RealApiServer;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** A kubectl of the version whose output was recorded; another one words things differently. */
final class RecordedKubectl {
    private RecordedKubectl() {}

    /** In the folder of the real server's programs, or in PATH. */
    static Optional<Path> find() {
        return Stream.concat(RealApiServer.program("kubectl").stream(), inPath())
                .filter(RecordedKubectl::hasRecordedVersion)
                .findFirst();
    }

    private static Stream<Path> inPath() {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "kubectl"))
                .filter(Files::isExecutable);
    }

    private static boolean hasRecordedVersion(Path kubectl) {
        try {
            Process process = new ProcessBuilder(kubectl.toString(), "version", "--client")
                    .redirectErrorStream(true)
                    .start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .contains("v" + RealApiServer.VERSION);
        } catch (IOException e) {
            // What cannot be run is not the program that is looked for; the next one on the way may be.
            return false;
        }
    }
}
