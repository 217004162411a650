package dev.lightkeeper.simulators.kubernetes.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** Changes kubeconfigs as kubectl config would. */
final class KubeConfigs {
    private KubeConfigs() {}

    /** The same, with another default namespace. */
    static String inNamespace(String kubeConfig, String namespace) throws IOException {
        JsonNode root = YamlText.MAPPER.readTree(kubeConfig);
        root.path("contexts").forEach(context -> ((ObjectNode) context.path("context")).put("namespace", namespace));
        return YamlText.text(root);
    }
}
