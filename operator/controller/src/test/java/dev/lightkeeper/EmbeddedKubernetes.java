package dev.lightkeeper;

import dev.lightkeeper.simulators.kubernetes.KubernetesApi;

/** The embedded Kubernetes API: there on any machine, and fast. */
public final class EmbeddedKubernetes extends Cluster {
    private static final EmbeddedKubernetes SHARED = new EmbeddedKubernetes();

    private final KubernetesApi api = KubernetesApi.builder().start();

    private EmbeddedKubernetes() {}

    /** The one of this JVM. */
    public static EmbeddedKubernetes shared() {
        return SHARED;
    }

    @Override
    public String kubeConfig() {
        return api.kubeconfig();
    }
}
