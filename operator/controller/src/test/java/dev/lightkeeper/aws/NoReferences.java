package dev.lightkeeper.aws;

import dev.lightkeeper.desired.Reference;
import dev.lightkeeper.desired.References;
import dev.lightkeeper.desired.SecretText;
import java.util.Map;

/** Of a cluster that holds none. */
final class NoReferences implements References {
    @Override
    public Reference<Map<String, String>> configMap(String namespace, String name) {
        return new Reference.Missing<>(name);
    }

    @Override
    public Reference<Map<String, SecretText>> secret(String namespace, String name) {
        return new Reference.Missing<>(name);
    }
}
