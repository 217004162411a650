package dev.lightkeeper.kube;

import dev.lightkeeper.desired.Reference;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;

/** Reads namespaces, with one GET each time. */
public final class Namespaces {
    private final Reads reads;

    /** Reads through {@code client}. */
    public Namespaces(KubernetesClient client) {
        this.reads = new Reads(client);
    }

    /** The labels that an account's access rules select by. */
    public Reference<Map<String, String>> labels(String namespace) {
        return read(namespace)
                .map(found -> found.getMetadata().getLabels() == null
                        ? Map.of()
                        : Map.copyOf(found.getMetadata().getLabels()));
    }

    /** What identifies this cluster in the tags of its services: the uid of {@code kube-system}. */
    public Reference<String> clusterId() {
        return read("kube-system").map(found -> found.getMetadata().getUid());
    }

    private Reads.Got<Namespace> read(String name) {
        return reads.cluster(Namespace.class, "namespaces", name);
    }
}
