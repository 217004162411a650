package dev.lightkeeper;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A real kube-apiserver with etcd. Its binaries come from the folder that the environment variable KUBE_API_TEST_DIR
 * names; without it the tests that need it are skipped.
 */
public final class KubeApiServer extends Cluster {
    private static final String BINARIES = "KUBE_API_TEST_DIR";
    private static final String VERSION = "1.37.2";

    private static @Nullable KubeApiServer running;
    private static @Nullable KubeApiServer second;

    private final KubeAPIServer server;

    private KubeApiServer(KubeAPIServer server) {
        this.server = server;
    }

    /** Starts it at the first call; skips the calling test where there are no binaries. */
    public static synchronized KubeApiServer shared() {
        if (running == null) {
            running = start();
        }
        return running;
    }

    /** One for the longest of the classes, which would otherwise make all others wait. */
    public static synchronized KubeApiServer second() {
        if (second == null) {
            second = start();
        }
        return second;
    }

    private static KubeApiServer start() {
        assumeTrue(
                System.getenv(BINARIES) != null,
                "skipped: needs a real kube-apiserver, and " + BINARIES + " names no folder with its binaries");
        KubeAPIServer server = new KubeAPIServer(KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withOfflineMode(true)
                .withApiServerVersion(VERSION)
                .withUpdateKubeConfig(false)
                .withApiServerFlag("--bind-address", "127.0.0.1")
                .build());
        server.start();
        // Its processes outlive a JVM that does not stop them.
        Runtime.getRuntime().addShutdownHook(new Thread(server::stop, "stop-kube-apiserver"));
        return new KubeApiServer(server);
    }

    /** It ends with the JVM. */
    @Override
    public void close() {}

    @Override
    public String kubeConfig() {
        return server.getKubeConfigYaml();
    }
}
