package dev.lightkeeper.simulators.kubernetes.discovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.kubernetes.resource.Kinds;
import dev.lightkeeper.simulators.kubernetes.resource.ResourceType;
import dev.lightkeeper.simulators.kubernetes.resource.Trait;
import dev.lightkeeper.simulators.kubernetes.wire.Trees;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Tells clients which groups, versions and resources there are. */
public final class Discovery {
    /** The release whose API this one follows. */
    public static final String VERSION = "v1.37.2";

    private static final List<String> VERBS =
            List.of("delete", "deletecollection", "get", "list", "patch", "create", "update", "watch");
    private static final List<String> SUBRESOURCE_VERBS = List.of("get", "patch", "update");

    /** Resources that answer a question and store nothing: group, plural and kind. */
    public static final Map<String, Map<String, String>> REVIEWS = Map.of(
            "authorization.k8s.io",
            Map.of(
                    "selfsubjectaccessreviews", "SelfSubjectAccessReview",
                    "selfsubjectrulesreviews", "SelfSubjectRulesReview"),
            "authentication.k8s.io",
            Map.of("selfsubjectreviews", "SelfSubjectReview"));

    private final Kinds kinds;

    /** Tells of these kinds. */
    public Discovery(Kinds kinds) {
        this.kinds = kinds;
    }

    /** {@code /version}. */
    public static ObjectNode version() {
        String[] parts = VERSION.substring(1).split("\\.", -1);
        return Trees.object()
                .put("major", parts[0])
                .put("minor", parts[1])
                .put("gitVersion", VERSION)
                .put("gitCommit", "")
                .put("gitTreeState", "clean")
                .put("buildDate", "1970-01-01T00:00:00Z")
                .put("goVersion", "none")
                .put("compiler", "none")
                .put("platform", "linux/amd64");
    }

    /** {@code /api}. */
    public static ObjectNode legacyVersions(String host) {
        ObjectNode versions = Trees.object().put("kind", "APIVersions");
        versions.putArray("versions").add("v1");
        versions.putArray("serverAddressByClientCIDRs")
                .addObject()
                .put("clientCIDR", "0.0.0.0/0")
                .put("serverAddress", host);
        return versions;
    }

    /** {@code /}. */
    public ObjectNode paths() {
        Set<String> paths = new TreeSet<>(List.of(
                "/api", "/api/v1", "/apis", "/apis/", "/healthz", "/livez", "/openapi/v3", "/readyz", "/version"));
        versions().forEach((group, versions) -> {
            paths.add("/apis/" + group);
            versions.forEach(version -> paths.add("/apis/" + group + "/" + version));
        });
        ObjectNode tree = Trees.object();
        tree.set("paths", Trees.strings(paths));
        return tree;
    }

    /** Whether a group is there without any CRD: what is missing in it is told in another way. */
    public boolean isBuiltIn(String group) {
        return REVIEWS.containsKey(group)
                || kinds.all().stream()
                        .anyMatch(type -> type.is(Trait.BUILT_IN)
                                && type.resource().group().equals(group));
    }

    /** {@code /apis}. */
    public ObjectNode groups() {
        ObjectNode list = Trees.object().put("kind", "APIGroupList").put("apiVersion", "v1");
        ArrayNode groups = list.putArray("groups");
        versions().forEach((group, versions) -> groups.add(group(group, versions)));
        return list;
    }

    /** {@code /apis/GROUP}; null when there is none. */
    public @Nullable ObjectNode group(String group) {
        List<String> versions = versions().get(group);
        return versions == null ? null : head("APIGroup").setAll(group(group, versions));
    }

    /** {@code /api/v1} and {@code /apis/GROUP/VERSION}; null when there is none. */
    public @Nullable ObjectNode resources(String group, String version) {
        Map<String, String> reviews = version.equals("v1") ? REVIEWS.getOrDefault(group, Map.of()) : Map.of();
        List<ResourceType> types = kinds.of(group, version);
        if (types.isEmpty() && reviews.isEmpty()) {
            return null;
        }
        ObjectNode list =
                head("APIResourceList").put("groupVersion", group.isEmpty() ? version : group + "/" + version);
        ArrayNode resources = list.putArray("resources");
        for (ResourceType type : types) {
            describe(type, resources);
        }
        reviews.forEach((plural, kind) -> resources
                .addObject()
                .put("name", plural)
                .put("singularName", kind.toLowerCase(Locale.ROOT))
                .put("namespaced", false)
                .put("kind", kind)
                .set("verbs", Trees.strings(List.of("create"))));
        return list;
    }

    private Map<String, List<String>> versions() {
        Map<String, List<String>> all = new LinkedHashMap<>(kinds.groups());
        REVIEWS.keySet().forEach(group -> all.computeIfAbsent(group, _ -> new ArrayList<>(List.of("v1"))));
        return all;
    }

    private static void describe(ResourceType type, ArrayNode resources) {
        boolean namespaced = type.is(Trait.NAMESPACED);
        String plural = type.resource().resource();
        ObjectNode main = resources
                .addObject()
                .put("name", plural)
                .put("singularName", type.names().singular())
                .put("namespaced", namespaced)
                .put("kind", type.names().kind());
        main.set("verbs", Trees.strings(verbs(type)));
        if (!type.names().shortNames().isEmpty()) {
            main.set("shortNames", Trees.strings(type.names().shortNames()));
        }
        if (!type.names().categories().isEmpty()) {
            main.set("categories", Trees.strings(type.names().categories()));
        }
        main.put("storageVersionHash", storageVersionHash(type));
        if (type.is(Trait.STATUS)) {
            resources
                    .addObject()
                    .put("name", plural + "/status")
                    .put("singularName", "")
                    .put("namespaced", namespaced)
                    .put("kind", type.names().kind())
                    .set("verbs", Trees.strings(SUBRESOURCE_VERBS));
        }
        if (type.scale() != null) {
            resources
                    .addObject()
                    .put("name", plural + "/scale")
                    .put("singularName", "")
                    .put("namespaced", namespaced)
                    .put("group", "autoscaling")
                    .put("version", "v1")
                    .put("kind", "Scale")
                    .set("verbs", Trees.strings(SUBRESOURCE_VERBS));
        }
    }

    private static List<String> verbs(ResourceType type) {
        if (!type.is(Trait.BUILT_IN)) {
            return VERBS;
        }
        return VERBS.stream()
                .filter(verb -> !verb.equals("deletecollection")
                        || !type.resource().resource().equals("namespaces"))
                .sorted()
                .toList();
    }

    private static String storageVersionHash(ResourceType type) {
        String stored = type.resource().group() + "/" + type.version() + "/"
                + type.names().kind();
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(stored.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(Arrays.copyOf(hash, 8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ObjectNode group(String name, List<String> versions) {
        ObjectNode group = Trees.object().put("name", name);
        ArrayNode list = group.putArray("versions");
        versions.forEach(version -> list.add(version(name, version)));
        group.set("preferredVersion", version(name, versions.getFirst()));
        return group;
    }

    private static ObjectNode version(String group, String version) {
        return Trees.object().put("groupVersion", group + "/" + version).put("version", version);
    }

    private static ObjectNode head(String kind) {
        return Trees.object().put("kind", kind).put("apiVersion", "v1");
    }
}
