package dev.lightkeeper.simulators.kubernetes;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * A real kube-apiserver with etcd, empty, to which the embedded one is held. Its programs come from the folder that the
 * environment variable KUBE_API_TEST_DIR names; without it Maven leaves out the tests that need them.
 */
public final class RealApiServer implements AutoCloseable {
    /** Whose answers were recorded; another version words things differently. */
    public static final String VERSION = "1.37.2";

    /** Names the folder. */
    public static final String FOLDER = "KUBE_API_TEST_DIR";

    private final KubeAPIServer server = new KubeAPIServer(KubeAPIServerConfigBuilder.anAPIServerConfig()
            .withOfflineMode(true)
            .withApiServerVersion(VERSION)
            .withUpdateKubeConfig(false)
            .withApiServerFlag("--bind-address", "127.0.0.1")
            .build());
    private final Thread atTheEnd = new Thread(server::stop, "stop-kube-apiserver");

    private RealApiServer() {
        server.start();
        // Its processes outlive a JVM that does not stop them.
        Runtime.getRuntime().addShutdownHook(atTheEnd);
    }

    /** Returns when it answers. */
    public static RealApiServer start() {
        return new RealApiServer();
    }

    /** How to reach it as its administrator. */
    public String kubeConfig() {
        return server.getKubeConfigYaml();
    }

    @Override
    public void close() {
        if (Runtime.getRuntime().removeShutdownHook(atTheEnd)) {
            server.stop();
        }
    }

    /** A program of this version in the folder. */
    public static Optional<Path> program(String name) {
        return Optional.ofNullable(System.getenv(FOLDER))
                .map(folder -> Path.of(folder, "k8s", VERSION + "-" + platform(), name))
                .filter(Files::isExecutable);
    }

    private static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
        return os + "-" + (System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64");
    }
}
