package dev.lightkeeper.desired;

import java.util.HashMap;
import java.util.Map;
import java.util.function.ToIntFunction;

/** Asks once for each object that one resolution needs, however often the resource names it; what is large is not kept. */
final class ReadOnce implements References {
    /** Characters of all objects together: one ConfigMap of the largest size that Kubernetes takes, and many usual ones. */
    static final int MOST_KEPT = 2 * 1024 * 1024;

    /** What an entry needs beside its characters. */
    private static final int ENTRY = 64;

    private final References references;
    private final Map<Name, Reference<Map<String, String>>> configMaps = new HashMap<>();
    private final Map<Name, Reference<Map<String, SecretText>>> secrets = new HashMap<>();
    private long room = MOST_KEPT;

    ReadOnce(References references) {
        this.references = references;
    }

    private record Name(String namespace, String name) {}

    @Override
    public Reference<Map<String, String>> configMap(String namespace, String name) {
        Name key = new Name(namespace, name);
        Reference<Map<String, String>> known = configMaps.get(key);
        return known != null ? known : keep(configMaps, key, references.configMap(namespace, name), String::length);
    }

    @Override
    public Reference<Map<String, SecretText>> secret(String namespace, String name) {
        Name key = new Name(namespace, name);
        Reference<Map<String, SecretText>> known = secrets.get(key);
        return known != null
                ? known
                : keep(
                        secrets,
                        key,
                        references.secret(namespace, name),
                        value -> value.reveal().length());
    }

    private <T> Reference<Map<String, T>> keep(
            Map<Name, Reference<Map<String, T>>> kept,
            Name key,
            Reference<Map<String, T>> read,
            ToIntFunction<T> length) {
        long size = read instanceof Reference.Found<Map<String, T>>(Map<String, T> entries)
                ? entries.entrySet().stream()
                        .mapToLong(entry -> ENTRY + entry.getKey().length() + length.applyAsInt(entry.getValue()))
                        .sum()
                : ENTRY;
        if (size <= room) {
            room -= size;
            kept.put(key, read);
        }
        return read;
    }
}
