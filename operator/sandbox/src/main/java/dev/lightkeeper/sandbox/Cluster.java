package dev.lightkeeper.sandbox;

import dev.lightkeeper.simulators.kubernetes.KubernetesApi;
import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubeapitest.KubeAPITestException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The Kubernetes API that everything runs against. */
public sealed interface Cluster extends AutoCloseable {
    /** Names the folder of the binaries, for {@link #server}. */
    String BINARIES = "KUBE_API_TEST_DIR";

    /** Begins to answer; whoever calls this closes it, also when this failed. */
    void start();

    /** What {@code kubectl} would read to reach it as cluster-admin, once it is started. */
    String kubeConfig();

    /** For people. */
    String description();

    @Override
    void close();

    /**
     * The small one of this project, in this process, on loopback and empty.
     *
     * @param port 0 for any free one
     */
    static Cluster embedded(int port) {
        return new Embedded(port);
    }

    /**
     * A kube-apiserver and etcd of our own, on loopback and empty.
     *
     * @param binaries where {@code k8s/<version>-<os>-<arch>/} is
     */
    static Cluster server(Path binaries) {
        return new Server(binaries);
    }

    /** A cluster that exists. */
    static Cluster existing(Path kubeConfig) {
        try {
            return new Existing(kubeConfig, Files.readString(kubeConfig));
        } catch (IOException e) {
            throw new CannotStart("--kubernetes: %s cannot be read".formatted(kubeConfig), e);
        }
    }

    /** Lives and dies with this process. */
    final class Embedded implements Cluster {
        private final int port;
        private @Nullable KubernetesApi api;

        private Embedded(int port) {
            this.port = port;
        }

        @Override
        public void start() {
            try {
                api = KubernetesApi.builder().port(port).start();
            } catch (UncheckedIOException e) {
                throw new CannotStart(
                        "--port: port %d of 127.0.0.1 is in use; choose another, or 0 for any free one".formatted(port),
                        e);
            }
        }

        @Override
        public String kubeConfig() {
            return started().kubeconfig();
        }

        @Override
        public String description() {
            return "embedded in this process, empty at each start";
        }

        @Override
        public void close() {
            if (api != null) {
                api.close();
            }
        }

        private KubernetesApi started() {
            return Objects.requireNonNull(api, "not started");
        }
    }

    /** Its processes outlive a JVM that does not close it. */
    final class Server implements Cluster {
        private static final String VERSION = "1.37.2";

        private final KubeAPIServer server;

        private Server(Path binaries) {
            Path folder = binaries.resolve("k8s").resolve(VERSION + "-" + platform());
            for (String program : List.of("kube-apiserver", "etcd")) {
                if (!Files.isExecutable(folder.resolve(program))) {
                    throw new CannotStart("--kubernetes=server needs the program %s, as %s names its folder"
                            .formatted(folder.resolve(program), BINARIES));
                }
            }
            server = new KubeAPIServer(KubeAPIServerConfigBuilder.anAPIServerConfig()
                    .withTestDir(binaries.toAbsolutePath().toString())
                    .withOfflineMode(true)
                    .withApiServerVersion(VERSION)
                    .withUpdateKubeConfig(false)
                    .withApiServerFlag("--bind-address", "127.0.0.1")
                    .build());
        }

        @Override
        public void start() {
            try {
                server.start();
            } catch (KubeAPITestException e) {
                throw new CannotStart("kube-apiserver could not be started: " + e.getMessage(), e);
            }
        }

        @Override
        public String kubeConfig() {
            return server.getKubeConfigYaml();
        }

        @Override
        public String description() {
            return "kube-apiserver " + VERSION + " of its own, empty at each start";
        }

        @Override
        public void close() {
            server.stop();
        }

        private static String platform() {
            String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
            String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
            return (os.contains("mac") ? "darwin" : os.contains("win") ? "windows" : "linux")
                    + "-"
                    + (machine.equals("x86_64") ? "amd64" : machine.equals("aarch64") ? "arm64" : machine);
        }
    }

    /**
     * Somebody else's.
     *
     * @param file where it was read
     */
    record Existing(Path file, String kubeConfig) implements Cluster {
        @Override
        public void start() {}

        @Override
        public String description() {
            return "the cluster that " + file + " names";
        }

        @Override
        public void close() {}
    }
}
