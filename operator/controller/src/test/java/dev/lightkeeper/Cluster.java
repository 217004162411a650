package dev.lightkeeper;

import dev.lightkeeper.kube.KubernetesClients;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A Kubernetes API on loopback. */
public abstract class Cluster implements AutoCloseable {
    private static final Path CRDS = Path.of("..", "..", "crds");

    private final AtomicInteger namespaces = new AtomicInteger();

    /** A kubeconfig for cluster-admin, as kubectl reads it. */
    public abstract String kubeConfig();

    /** A client with the HTTP client and the lenient reading of production; the caller closes it. */
    public KubernetesClient client() {
        return new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeConfig()))
                .withHttpClientFactory(new JdkHttpClientFactory())
                .withKubernetesSerialization(KubernetesClients.lenient())
                .build();
    }

    /** Applies the files of crds/ and waits until the server accepts objects of them. */
    public void installCrds() {
        try (KubernetesClient client = client();
                Stream<Path> files = Files.list(CRDS)) {
            for (Path file : files.sorted().toList()) {
                CustomResourceDefinition crd = client.getKubernetesSerialization()
                        .unmarshal(Files.readString(file), CustomResourceDefinition.class);
                client.resource(crd).forceConflicts().serverSideApply();
                client.resource(crd).waitUntilCondition(Cluster::established, 30, TimeUnit.SECONDS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it, unless others use it as well. */
    @Override
    public abstract void close();

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
