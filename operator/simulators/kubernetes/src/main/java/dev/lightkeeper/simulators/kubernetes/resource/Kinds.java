package dev.lightkeeper.simulators.kubernetes.resource;

import dev.lightkeeper.simulators.kubernetes.wire.GroupResource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** All kinds that are served now: built-ins, and those that CRDs define. */
public final class Kinds {
    private final List<ResourceType> builtIns;
    private final Map<String, List<ResourceType>> custom = new HashMap<>();
    private volatile Map<String, ResourceType> served = Map.of();

    /** Serves built-ins only. */
    public Kinds(Collection<ResourceType> builtIns) {
        this.builtIns = List.copyOf(builtIns);
        rebuild();
    }

    /** The kind behind a URL. */
    public Optional<ResourceType> find(String group, String version, String plural) {
        return Optional.ofNullable(served.get(key(group, version, plural)));
    }

    /** Any version of a resource. */
    public Optional<ResourceType> find(GroupResource resource) {
        return served.values().stream()
                .filter(type -> type.resource().equals(resource))
                .findFirst();
    }

    /** All of them, by group and version in the order of the table; custom ones last. */
    public Collection<ResourceType> all() {
        return served.values();
    }

    /** Those of one group and version. */
    public List<ResourceType> of(String group, String version) {
        return all().stream()
                .filter(type ->
                        type.resource().group().equals(group) && type.version().equals(version))
                .sorted(Comparator.comparing(type -> type.resource().resource()))
                .toList();
    }

    /** Groups other than core, with their versions, the preferred one first. */
    public Map<String, List<String>> groups() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        for (ResourceType type : all()) {
            List<String> versions = groups.computeIfAbsent(type.resource().group(), _ -> new ArrayList<>());
            if (!versions.contains(type.version())) {
                versions.add(type.version());
            }
        }
        var _ = groups.remove("");
        return groups;
    }

    /** Serves what a CRD defines, in place of what it defined before. */
    public synchronized void define(String crd, List<ResourceType> types) {
        custom.put(crd, types);
        rebuild();
    }

    /** Serves it no longer. */
    public synchronized void undefine(String crd) {
        if (custom.remove(crd) != null) {
            rebuild();
        }
    }

    private void rebuild() {
        Map<String, ResourceType> all = new LinkedHashMap<>();
        Stream.concat(
                        builtIns.stream(),
                        custom.entrySet().stream()
                                .sorted(Map.Entry.comparingByKey())
                                .flatMap(entry -> entry.getValue().stream()))
                .forEach(type -> all.put(
                        key(
                                type.resource().group(),
                                type.version(),
                                type.resource().resource()),
                        type));
        served = all;
    }

    private static String key(String group, String version, String plural) {
        return group + "/" + version + "/" + plural;
    }
}
