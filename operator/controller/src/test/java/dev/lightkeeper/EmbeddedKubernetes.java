package dev.lightkeeper;

import dev.lightkeeper.simulators.kubernetes.KubernetesApi;

/** The embedded Kubernetes API: there on any machine, and fast. */
public final class EmbeddedKubernetes extends Cluster {
    private static final EmbeddedKubernetes SHARED = new EmbeddedKubernetes(true);

    private final KubernetesApi api = KubernetesApi.builder().start();
    private final boolean isShared;

    private EmbeddedKubernetes(boolean isShared) {
        this.isShared = isShared;
    }

    /** The one of this JVM. */
    public static EmbeddedKubernetes shared() {
        return SHARED;
    }

    /** A new one, in which an operator meets nobody else's accounts. */
    public static EmbeddedKubernetes alone() {
        return new EmbeddedKubernetes(false);
    }

    @Override
    public void close() {
        if (!isShared) {
            api.close();
        }
    }

    @Override
    public String kubeConfig() {
        return api.kubeconfig();
    }
}
