package dev.lightkeeper;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.LinkedHashMap;
import java.util.Map;

/** ServiceDeployments of an API version that knows a drift policy more than this operator. */
final class NewerVersion {
    private static final String WORD = "FromTheFuture";

    private final KubernetesClient client;
    private final String namespace;

    /** Makes the server accept the word; {@link Cluster#installCrds()} takes it back. */
    NewerVersion(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
        CustomResourceDefinition _ = client.apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName("servicedeployments.lightkeeper.dev")
                .edit(crd -> {
                    JSONSchemaProps root =
                            crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
                    property(property(root, "spec"), "driftPolicy").getEnum().add(TextNode.valueOf(WORD));
                    return crd;
                });
    }

    void create(String name) {
        GenericKubernetesResource object = client.getKubernetesSerialization()
                .convertValue(Manifests.serviceDeployment(namespace, name), GenericKubernetesResource.class);
        Map<Object, Object> spec = new LinkedHashMap<>(object.<Map<?, ?>>get("spec"));
        spec.put("driftPolicy", WORD);
        object.setAdditionalProperty("spec", spec);
        // The schema of a changed definition is served a moment later.
        org.awaitility.Awaitility.await()
                .ignoreExceptions()
                .until(() -> client.resource(object).create() != null);
    }

    private static JSONSchemaProps property(JSONSchemaProps schema, String name) {
        return requireNonNull(schema.getProperties().get(name));
    }
}
