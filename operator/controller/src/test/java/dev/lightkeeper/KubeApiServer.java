package dev.lightkeeper;

import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real kube-apiserver with etcd, one for the whole JVM, reachable on loopback only. Its binaries come from the folder
 * that the environment variable KUBE_API_TEST_DIR names; without it the tests that need it are skipped.
 */
public final class KubeApiServer {
    private static final Logger LOG = LoggerFactory.getLogger(KubeApiServer.class);
    private static final String BINARIES = "KUBE_API_TEST_DIR";
    private static final String VERSION = "1.37.2";
    private static final Path CRDS = Path.of("..", "..", "crds");

    private static @Nullable KubeApiServer running;
    private static boolean absenceTold;

    private final KubeAPIServer server;
    private final AtomicInteger namespaces = new AtomicInteger();

    private KubeApiServer(KubeAPIServer server) {
        this.server = server;
    }

    /** Starts it at the first call; skips the calling test where there are no binaries. */
    public static synchronized KubeApiServer shared() {
        if (System.getenv(BINARIES) == null) {
            String reason =
                    "Skipping tests on a real kube-apiserver: " + BINARIES + " names no folder with its binaries";
            if (!absenceTold) {
                // Maven shows how many tests were skipped, but not why.
                LOG.warn(reason);
                absenceTold = true;
            }
            abort(reason);
        }
        if (running == null) {
            KubeAPIServer server = new KubeAPIServer(KubeAPIServerConfigBuilder.anAPIServerConfig()
                    .withOfflineMode(true)
                    .withApiServerVersion(VERSION)
                    .withUpdateKubeConfig(false)
                    .withApiServerFlag("--bind-address", "127.0.0.1")
                    .build());
            server.start();
            // Its processes outlive a JVM that does not stop them.
            Runtime.getRuntime().addShutdownHook(new Thread(server::stop, "stop-kube-apiserver"));
            running = new KubeApiServer(server);
        }
        return running;
    }

    /** A kubeconfig for cluster-admin, as kubectl reads it. */
    public String kubeConfig() {
        return server.getKubeConfigYaml();
    }

    /** A client with the HTTP client and the lenient reading of production; the caller closes it. */
    public KubernetesClient client() {
        return new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeConfig()))
                .withHttpClientFactory(new JdkHttpClientFactory())
                .withKubernetesSerialization(lenientSerialization())
                .build();
    }

    /** As production reads: objects of a newer version lose what this one does not know, instead of stopping the operator. */
    public static KubernetesSerialization lenientSerialization() {
        return new KubernetesSerialization(
                new ObjectMapper()
                        .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
                        .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL),
                true);
    }

    /** Applies the files of crds/ and waits until the server accepts objects of them. */
    public void installCrds() {
        try (KubernetesClient client = client();
                Stream<Path> files = Files.list(CRDS)) {
            for (Path file : files.sorted().toList()) {
                CustomResourceDefinition crd = client.getKubernetesSerialization()
                        .unmarshal(Files.readString(file), CustomResourceDefinition.class);
                client.resource(crd).forceConflicts().serverSideApply();
                client.resource(crd).waitUntilCondition(KubeApiServer::established, 30, TimeUnit.SECONDS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A namespace that no other test uses. */
    public String newNamespace(KubernetesClient client) {
        String name = "test-" + namespaces.incrementAndGet();
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
        return name;
    }

    private static boolean established(@Nullable CustomResourceDefinition crd) {
        if (crd == null || crd.getStatus() == null || crd.getStatus().getConditions() == null) {
            return false;
        }
        return crd.getStatus().getConditions().stream()
                .anyMatch(condition -> condition.getType().equals("Established")
                        && condition.getStatus().equals("True"));
    }
}
