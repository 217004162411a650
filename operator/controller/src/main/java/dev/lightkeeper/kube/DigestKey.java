package dev.lightkeeper.kube;

import dev.lightkeeper.desired.Digester;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The key of all stored digests. It outlives every pod: with another key no stored revision could be compared any more.
 */
public final class DigestKey {
    /** Name of the Secret in the operator's namespace. */
    public static final String SECRET = "lightkeeper-digest-key";

    private static final String ENTRY = "key";
    private static final int BYTES = 32;

    private final KubernetesClient client;
    private final String namespace;
    private final SecureRandom random;

    /** The key in the operator's {@code namespace}. */
    public DigestKey(KubernetesClient client, String namespace, SecureRandom random) {
        this.client = client;
        this.namespace = namespace;
        this.random = random;
    }

    /**
     * Reads the key, and makes it at the first start. Whoever comes second takes the key of the first.
     *
     * @throws IllegalStateException when there is a Secret that does not hold a key: making a new one would silently orphan
     *     every stored digest
     * @throws KubernetesClientException when the API did not answer; there is nothing to do without a key
     */
    public Digester digester() {
        Secret stored = read();
        return new Digester(decode(stored == null ? create() : stored));
    }

    private @Nullable Secret read() {
        return client.secrets().inNamespace(namespace).withName(SECRET).get();
    }

    private Secret create() {
        byte[] key = new byte[BYTES];
        random.nextBytes(key);
        Secret secret = new SecretBuilder()
                .withNewMetadata()
                .withName(SECRET)
                .withNamespace(namespace)
                .addToLabels("app.kubernetes.io/managed-by", "lightkeeper")
                .endMetadata()
                .withType("Opaque")
                .withImmutable(true)
                .withData(Map.of(ENTRY, Base64.getEncoder().encodeToString(key)))
                .build();
        try {
            return client.secrets().inNamespace(namespace).resource(secret).create();
        } catch (KubernetesClientException e) {
            Secret first = e.getCode() == 409 ? read() : null;
            if (first == null) {
                throw e;
            }
            return first;
        }
    }

    private byte[] decode(Secret secret) {
        String encoded = secret.getData() == null ? null : secret.getData().get(ENTRY);
        byte[] key = encoded == null ? new byte[0] : Base64.getDecoder().decode(encoded);
        if (key.length < BYTES) {
            throw new IllegalStateException(
                    "Secret %s/%s has no entry \"%s\" of %d bytes; restore it from a backup, or delete it to have a new key made"
                            .formatted(namespace, SECRET, ENTRY, BYTES));
        }
        return key;
    }
}
