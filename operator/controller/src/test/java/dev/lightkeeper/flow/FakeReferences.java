package dev.lightkeeper.flow;

import dev.lightkeeper.desired.Reference;
import dev.lightkeeper.desired.References;
import dev.lightkeeper.desired.SecretText;
import dev.lightkeeper.failure.Failure;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** ConfigMaps and Secrets of the one namespace that there is. */
final class FakeReferences implements References {
    private final Map<String, Map<String, String>> configMaps = new HashMap<>();
    private final Map<String, Map<String, String>> secrets = new HashMap<>();
    private boolean readable = true;
    private int reads;

    void configMap(String name, Map<String, String> entries) {
        configMaps.put(name, entries);
    }

    void removeConfigMap(String name) {
        configMaps.remove(name);
    }

    void secret(String name, Map<String, String> entries) {
        secrets.put(name, entries);
    }

    void removeSecret(String name) {
        secrets.remove(name);
    }

    /** Whether the API server answers. */
    void readable(boolean is) {
        readable = is;
    }

    /** How often a ConfigMap or Secret was asked for. */
    int reads() {
        return reads;
    }

    /** Everything that must never be seen. */
    Set<String> secretValues() {
        return secrets.values().stream()
                .flatMap(entries -> entries.values().stream())
                .filter(value -> value.length() >= 4)
                .collect(Collectors.toSet());
    }

    @Override
    public Reference<Map<String, String>> configMap(String namespace, String name) {
        return of(configMaps.get(name), name);
    }

    @Override
    public Reference<Map<String, SecretText>> secret(String namespace, String name) {
        Map<String, String> entries = secrets.get(name);
        return of(
                entries == null
                        ? null
                        : entries.entrySet().stream()
                                .collect(Collectors.toMap(Map.Entry::getKey, entry -> SecretText.of(entry.getValue()))),
                name);
    }

    private <T> Reference<T> of(T entries, String name) {
        reads++;
        if (!readable) {
            return new Reference.Unreadable<>(
                    name, new Failure.Transient("503", "the API server did not answer", false));
        }
        return entries == null ? new Reference.Missing<>(name) : new Reference.Found<>(entries);
    }
}
