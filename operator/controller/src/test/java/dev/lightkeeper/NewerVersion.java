package dev.lightkeeper;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.LinkedHashMap;
import java.util.Map;

/** ServiceDeployments of an API version that knows a drift policy more than this operator. */
final class NewerVersion {
    private static final String WORD = "FromTheFuture";

    private final KubernetesClient client;
    private final String namespace;

    /** Makes the server accept the word; {@link #undo} takes it back. */
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
        GenericKubernetesResource object = object(client, namespace, name);
        // The schema of a changed definition is served a moment later.
        await().ignoreExceptions().until(() -> client.resource(object).create() != null);
        untilListed(client);
    }

    /** Makes the server refuse the word again, and returns when it does. */
    static void undo(Cluster cluster) {
        cluster.installCrds();
        try (KubernetesClient client = cluster.client()) {
            GenericKubernetesResource object = object(client, "default", "refused");
            await().until(() -> {
                try {
                    client.resource(object).dryRun().create();
                    return false;
                } catch (KubernetesClientException e) {
                    return e.getCode() == 422;
                }
            });
            untilListed(client);
        }
    }

    /** A changed definition has a new cache, and whoever asks before that is filled is sent away. */
    private static void untilListed(KubernetesClient client) {
        await().ignoreException(KubernetesClientException.class)
                .until(() -> client.resources(ServiceDeployment.class)
                                .inAnyNamespace()
                                .list(new ListOptionsBuilder()
                                        .withResourceVersion("0")
                                        .build())
                        != null);
    }

    private static GenericKubernetesResource object(KubernetesClient client, String namespace, String name) {
        GenericKubernetesResource object = client.getKubernetesSerialization()
                .convertValue(Manifests.serviceDeployment(namespace, name), GenericKubernetesResource.class);
        Map<Object, Object> spec = new LinkedHashMap<>(object.<Map<?, ?>>get("spec"));
        spec.put("driftPolicy", WORD);
        object.setAdditionalProperty("spec", spec);
        return object;
    }

    private static JSONSchemaProps property(JSONSchemaProps schema, String name) {
        return requireNonNull(schema.getProperties().get(name));
    }
}
