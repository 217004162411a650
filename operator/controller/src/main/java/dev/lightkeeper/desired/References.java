package dev.lightkeeper.desired;

import java.util.Map;

/** Reads what a manifest refers to, on demand; what is read is kept for one resolution at most. */
public interface References {
    /** All entries of a ConfigMap in {@code namespace}. */
    Reference<Map<String, String>> configMap(String namespace, String name);

    /** All entries of a Secret in {@code namespace}, decoded. */
    Reference<Map<String, SecretText>> secret(String namespace, String name);
}
