package dev.lightkeeper.packaging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The chart's objects as manifests/ has them: without what only Helm reads, and the CRDs as they are in crds/. */
final class Manifests {
    private static final List<String> LABELS_OF_HELM = List.of("helm.sh/chart", "app.kubernetes.io/managed-by");

    private Manifests() {}

    static List<JsonNode> ofChart(String... arguments) {
        return Helm.HELM_4.render(arguments).stream()
                .map(Manifests::withoutHelm)
                .toList();
    }

    static List<JsonNode> ofKinds(List<JsonNode> objects, Set<String> kinds) {
        return objects.stream()
                .filter(object -> kinds.contains(object.path("kind").asText()))
                .sorted(Comparator.comparing(Manifests::name))
                .toList();
    }

    /** Kind, namespace and name. */
    static String name(JsonNode object) {
        return Stream.of("/kind", "/metadata/namespace", "/metadata/name")
                .map(pointer -> object.at(pointer).asText())
                .collect(Collectors.joining(" "));
    }

    static String toYaml(String head, List<JsonNode> objects) {
        return objects.stream().map(Repository::toYaml).collect(Collectors.joining("---\n", head, ""));
    }

    private static JsonNode withoutHelm(JsonNode object) {
        ObjectNode copy = object.deepCopy();
        for (String labels : List.of("/metadata/labels", "/spec/template/metadata/labels")) {
            if (copy.at(labels) instanceof ObjectNode found) {
                found.remove(LABELS_OF_HELM);
            }
        }
        if (copy.path("kind").asText().equals("CustomResourceDefinition")) {
            ((ObjectNode) copy.get("metadata")).remove("labels");
        }
        if (copy.at("/metadata/annotations") instanceof ObjectNode annotations) {
            annotations.remove("helm.sh/resource-policy");
            if (annotations.isEmpty()) {
                ((ObjectNode) copy.get("metadata")).remove("annotations");
            }
        }
        return copy;
    }
}
