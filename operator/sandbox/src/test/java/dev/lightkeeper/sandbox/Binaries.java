package dev.lightkeeper.sandbox;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lightkeeper.simulators.aws.application.ImageCatalogue;
import java.nio.file.Path;

/** What tests of the whole system need beyond Maven: a real kube-apiserver. */
final class Binaries {
    private Binaries() {}

    /** Skips the calling test where there are none. */
    static Path needed() {
        String folder = System.getenv(Cluster.BINARIES);
        assumeTrue(
                folder != null,
                "skipped: needs a real kube-apiserver, and " + Cluster.BINARIES + " names no folder with its binaries");
        return Path.of(String.valueOf(folder));
    }

    /** A world of its own, closed with {@code opened}. */
    static World world(double speed, Opened opened) {
        return World.start(
                Cluster.server(needed()),
                new World.Settings(0, speed, ImageCatalogue.builtIn(), () -> {}, () -> {}),
                opened);
    }
}
