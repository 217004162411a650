package dev.lightkeeper.simulators.kubernetes.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a resource request is about, as RBAC would see it.
 *
 * @param verb        for example {@code deletecollection}
 * @param group       empty for core
 * @param version     for example {@code v1}
 * @param resource    plural
 * @param subresource empty for the object itself
 * @param namespace   empty for none or all
 * @param name        empty for a collection
 */
public record Target(
        String verb, String group, String version, String resource, String subresource, String namespace, String name) {
    private static final Set<String> NAMESPACE_SUBRESOURCES = Set.of("status", "finalize");

    /** Reads the URL; empty when it is not about a resource. */
    public static Optional<Target> of(Request request) {
        List<String> parts = new ArrayList<>(List.of(request.path().substring(1).split("/", -1)));
        String root = parts.removeFirst();
        String group = "";
        if (root.equals("apis") && parts.size() >= 3) {
            group = parts.removeFirst();
        } else if (!root.equals("api") || parts.size() < 2) {
            return Optional.empty();
        }
        String version = parts.removeFirst();
        String namespace = "";
        if (parts.size() > 2
                && parts.getFirst().equals("namespaces")
                && !NAMESPACE_SUBRESOURCES.contains(parts.get(2))) {
            namespace = parts.get(1);
            parts = parts.subList(2, parts.size());
        }
        if (parts.size() > 3) {
            return Optional.empty();
        }
        String name = parts.size() > 1 ? parts.get(1) : "";
        String subresource = parts.size() > 2 ? parts.get(2) : "";
        return Optional.of(
                new Target(verb(request, name), group, version, parts.getFirst(), subresource, namespace, name));
    }

    private static String verb(Request request, String name) {
        return switch (request.method()) {
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> name.isEmpty() ? "deletecollection" : "delete";
            default -> request.flag("watch") ? "watch" : name.isEmpty() ? "list" : "get";
        };
    }
}
