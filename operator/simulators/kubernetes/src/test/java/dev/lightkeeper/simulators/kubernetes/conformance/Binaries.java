package dev.lightkeeper.simulators.kubernetes.conformance;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the programs of Kubernetes are: the folder that KUBE_API_TEST_DIR names, or PATH. */
final class Binaries {
    static final String FOLDER = "KUBE_API_TEST_DIR";
    static final String VERSION = "1.37.2";

    private Binaries() {}

    static boolean hasApiServer() {
        return inFolder("kube-apiserver").isPresent() && inFolder("etcd").isPresent();
    }

    /** A kubectl of the version whose output was recorded; another one words things differently. */
    static Optional<Path> kubectl() {
        return Stream.concat(inFolder("kubectl").stream(), inPath())
                .filter(Binaries::hasRecordedVersion)
                .findFirst();
    }

    private static Optional<Path> inFolder(String program) {
        return Optional.ofNullable(System.getenv(FOLDER))
                .map(folder -> Path.of(folder, "k8s", VERSION + "-" + platform(), program))
                .filter(Files::isExecutable);
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
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).contains("v" + VERSION);
        } catch (IOException e) {
            // What cannot be run is not the program that is looked for; the next one on the way may be.
            return false;
        }
    }

    private static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
        return os + "-" + (System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64");
    }
}
