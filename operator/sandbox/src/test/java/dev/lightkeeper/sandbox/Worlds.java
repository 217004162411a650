package dev.lightkeeper.sandbox;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lightkeeper.simulators.aws.application.ImageCatalogue;
import java.nio.file.Path;

/** Whole systems for tests. */
final class Worlds {
    /** Held by tests that start a kube-apiserver: several that start at once take longer than is waited for. */
    static final String KUBE_API_SERVER = "kube-apiserver";

    private Worlds() {}

    /** Which can be had on any machine; closed with {@code opened}. */
    static World embedded(double speed, Opened opened) {
        return start(Cluster.embedded(0), speed, opened);
    }

    /** With a real kube-apiserver; skips the calling test where there are no binaries. */
    static World onKubeApiServer(double speed, Opened opened) {
        return start(Cluster.server(binaries()), speed, opened);
    }

    static Path binaries() {
        String folder = System.getenv(Cluster.BINARIES);
        assumeTrue(
                folder != null,
                "skipped: needs a real kube-apiserver, and " + Cluster.BINARIES + " names no folder with its binaries");
        return Path.of(String.valueOf(folder));
    }

    private static World start(Cluster cluster, double speed, Opened opened) {
        return World.start(cluster, new World.Settings(0, speed, ImageCatalogue.builtIn(), () -> {}, () -> {}), opened);
    }
}
