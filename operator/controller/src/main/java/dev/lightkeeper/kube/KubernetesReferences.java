package dev.lightkeeper.kube;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lightkeeper.desired.Reference;
import dev.lightkeeper.desired.References;
import dev.lightkeeper.desired.SecretText;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads ConfigMaps and Secrets with one GET each time: no Secret of the cluster stays in memory, and RBAC needs only get. */
public final class KubernetesReferences implements References {
    private final Reads reads;

    /** Reads through {@code client}. */
    public KubernetesReferences(KubernetesClient client) {
        this.reads = new Reads(client);
    }

    @Override
    public Reference<Map<String, String>> configMap(String namespace, String name) {
        return reads.namespaced(ConfigMap.class, "configmaps", namespace, name)
                .map(found -> found.getData() == null ? Map.of() : Map.copyOf(found.getData()));
    }

    @Override
    public Reference<Map<String, SecretText>> secret(String namespace, String name) {
        return reads.namespaced(Secret.class, "secrets", namespace, name).map(KubernetesReferences::decoded);
    }

    private static Map<String, SecretText> decoded(Secret secret) {
        Map<String, SecretText> decoded = new LinkedHashMap<>();
        if (secret.getData() != null) {
            secret.getData()
                    .forEach((key, value) -> decoded.put(
                            key,
                            SecretText.of(
                                    value == null
                                            ? ""
                                            : new String(Base64.getDecoder().decode(value), UTF_8))));
        }
        return Map.copyOf(decoded);
    }
}
