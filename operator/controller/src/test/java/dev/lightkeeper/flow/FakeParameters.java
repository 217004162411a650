package dev.lightkeeper.flow;

import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.desired.Parameter;
import dev.lightkeeper.desired.ParameterKey;
import dev.lightkeeper.desired.ParameterQuery;
import dev.lightkeeper.desired.ParameterStore;
import dev.lightkeeper.desired.Parameters;
import dev.lightkeeper.desired.SecretText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The parameters of the one account and region that there is, with all their versions. */
final class FakeParameters implements ParameterStore {
    private final Map<String, List<String>> versions = new TreeMap<>();
    private final Map<String, Integer> labels = new HashMap<>();
    private final Map<String, Parameter.Refused<?>> refusals = new HashMap<>();
    private final Set<String> known = new HashSet<>();
    private final List<ParameterQuery> queries = new ArrayList<>();
    private boolean readable = true;

    /** Makes a version; the first is number 1. */
    void put(String name, String value) {
        versions.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
    }

    void label(String name, int version, String label) {
        labels.put(name + ":" + label, version);
    }

    void delete(String name) {
        versions.remove(name);
    }

    /** A parameter or path that may not be read. */
    void refuse(String name, Reason reason, String message) {
        refusals.put(name, new Parameter.Refused<>(reason, message));
    }

    void allow(String name) {
        refusals.remove(name);
    }

    /** Whether AWS answers. */
    void readable(boolean is) {
        readable = is;
    }

    /** What was asked, oldest first. */
    List<ParameterQuery> queries() {
        return queries;
    }

    /** Of which resources something is remembered. */
    Set<String> known() {
        return known;
    }

    /** Everything that must never be seen. */
    Stream<String> secretValues() {
        return versions.values().stream().flatMap(List::stream).filter(value -> value.length() >= 4);
    }

    @Override
    public Parameters read(ParameterQuery query) {
        queries.add(query);
        known.add(query.resource().uid());
        Map<ParameterKey, Parameter<SecretText>> values = new HashMap<>();
        query.parameters().forEach(key -> values.put(key, answer(key.name(), value(key, query.versionsOnly()))));
        Map<String, Parameter<Map<String, SecretText>>> paths = new HashMap<>();
        query.paths().forEach(path -> paths.put(path, answer(path, below(path, query.versionsOnly()))));
        return new Parameters(values, paths);
    }

    @Override
    public void forget(String uid) {
        known.remove(uid);
    }

    @SuppressWarnings("unchecked")
    private <T> Parameter<T> answer(String name, T value) {
        if (!readable) {
            return new Parameter.Unreadable<>(FakeCloud.UNREACHABLE);
        }
        if (refusals.containsKey(name)) {
            return (Parameter<T>) refusals.get(name);
        }
        return value == null ? new Parameter.Missing<>() : new Parameter.Found<>(value);
    }

    private SecretText value(ParameterKey key, boolean versionOnly) {
        List<String> all = versions.get(key.name());
        if (all == null) {
            return null;
        }
        Integer version = key.isFixed()
                ? Integer.valueOf(key.selector())
                : key.selector() == null ? Integer.valueOf(all.size()) : labels.get(key.text());
        return version == null || version > all.size() ? null : text(key.name(), version, versionOnly);
    }

    private SecretText text(String name, int version, boolean versionOnly) {
        return SecretText.of(
                versionOnly
                        ? "%s:%d".formatted(name, version)
                        : versions.get(name).get(version - 1));
    }

    private Map<String, SecretText> below(String path, boolean versionsOnly) {
        Map<String, SecretText> found = new HashMap<>();
        versions.forEach((name, all) -> {
            if (name.startsWith(path) && name.indexOf('/', path.length()) < 0) {
                found.put(name.substring(path.length()), text(name, all.size(), versionsOnly));
            }
        });
        return found.isEmpty() ? null : found;
    }
}
