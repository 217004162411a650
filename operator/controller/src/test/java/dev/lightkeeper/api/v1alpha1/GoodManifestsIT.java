package dev.lightkeeper.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.lightkeeper.Cluster;
import dev.lightkeeper.EmbeddedKubernetes;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v1.Scale;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the API server makes of good manifests: defaults, subresources and the records' own wire form. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GoodManifestsIT {
    private static final ObjectMapper YAML = new YAMLMapper();

    @SuppressWarnings("NullAway.Init")
    private KubernetesClient client;

    @SuppressWarnings("NullAway.Init")
    private String namespace;

    Cluster cluster() {
        return EmbeddedKubernetes.shared();
    }

    @BeforeAll
    void startServer() {
        Cluster cluster = cluster();
        cluster.installCrds();
        client = cluster.client();
    }

    @BeforeEach
    void newNamespace() {
        namespace = cluster().newNamespace(client);
    }

    @AfterAll
    void closeClient() {
        if (client != null) {
            client.close();
        }
    }

    @Test
    void theShortestManifestGetsTheDocumentedDefaultsAndNothingElse() throws IOException {
        GenericKubernetesResource created = create("shortest-service.yaml");

        assertThat(tree(created).get("spec")).isEqualTo(read("shortest-service-with-defaults.yaml"));
    }

    @Test
    void anObjectThatNobodyHasSeenIsNotTakenForSettled() throws IOException {
        assertThat(tree(create("shortest-service.yaml")).at("/status"))
                .isEqualTo(new ObjectMapper().createObjectNode().put("observedGeneration", -1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"shortest-service.yaml", "whole-service.yaml", "whole-hosts.yaml"})
    void aStoredSpecSurvivesTheRecords(String manifest) throws IOException {
        GenericKubernetesResource created = create(manifest);

        ServiceDeployment read = client.resources(ServiceDeployment.class)
                .inNamespace(namespace)
                .withName(created.getMetadata().getName())
                .require();

        assertThat(withoutEmptyLists(tree(read).get("spec")))
                .isEqualTo(withoutEmptyLists(tree(created).get("spec")));
    }

    @Test
    void aStoredAccountSurvivesTheRecordsAndItsStatusFitsItsSchema() throws IOException {
        ObjectNode manifest = (ObjectNode) read("whole-account.yaml");
        manifest.withObject("/metadata").put("name", namespace);
        GenericKubernetesResource created = client.resource(
                        client.getKubernetesSerialization().convertValue(manifest, GenericKubernetesResource.class))
                .create();

        AwsAccount read = client.resources(AwsAccount.class).withName(namespace).require();

        assertThat(withoutEmptyLists(tree(read).get("spec")))
                .isEqualTo(withoutEmptyLists(tree(created).get("spec")));
        assertThat(tree(created).at("/status/observedGeneration").asInt()).isEqualTo(-1);

        AwsAccount applied = new AwsAccount();
        applied.setMetadata(identityOf(read));
        applied.setStatus(FullStatus.awsAccount());
        assertThat(client.resource(applied)
                        .subresource("status")
                        .patch(asOperator())
                        .getStatus())
                .isEqualTo(FullStatus.awsAccount());
    }

    @Test
    void scaleIsASubresourceOfSpecAndStatus() throws IOException {
        ServiceDeployment api = typed(create("shortest-service.yaml"));
        applyStatus(api, FullStatus.withReplicas(2));

        Scale scale = client.resource(api).scale();
        assertThat(scale.getSpec().getReplicas()).isEqualTo(2);
        assertThat(scale.getStatus().getReplicas()).isEqualTo(2);

        scale.getSpec().setReplicas(4);
        client.resource(api).scale(scale);
        assertThat(client.resource(api).require().getSpec().scale()).isEqualTo(4);

        Scale tooFew = client.resource(api).scale();
        tooFew.getSpec().setReplicas(1);
        assertThatThrownBy(() -> client.resource(api).scale(tooFew))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining(
                        "spec.scale (1) is below spec.minimumScale (2); raise scale, or lower minimumScale");
    }

    @Test
    void everyMemberOfTheStatusFitsItsSchema() throws IOException {
        ServiceDeployment api = typed(create("shortest-service.yaml"));

        ServiceDeployment stored = applyStatus(api, FullStatus.serviceDeployment());

        assertThat(stored.getStatus()).isEqualTo(FullStatus.serviceDeployment());
    }

    @Test
    void theLargestManifestIsWithinTheServersBudget() throws IOException {
        ObjectNode manifest = (ObjectNode) read("shortest-service.yaml");
        ArrayNode containers = (ArrayNode) manifest.at("/spec/containers");
        for (int c = 1; c < 10; c++) {
            containers.addObject().put("name", "container-" + c).put("image", "registry.example.com/other:1");
        }
        for (JsonNode container : containers) {
            for (int e = 0; e < 100; e++) {
                ((ObjectNode) container)
                        .withArray("env")
                        .addObject()
                        .put("name", "VARIABLE_" + e)
                        .put("value", "v".repeat(100));
            }
            for (int r = 50; r < 100; r++) {
                ((ObjectNode) container)
                        .withArray("requiredEnv")
                        .addObject()
                        .put("name", "VARIABLE_" + r)
                        .put("pattern", "^v+$");
            }
        }
        ((ObjectNode) manifest.at("/spec/publicEndpoint"))
                .put("containerName", "api")
                .put("containerPort", 3697);

        assertThat(create(manifest).getMetadata().getUid()).isNotBlank();
    }

    private ServiceDeployment applyStatus(ServiceDeployment target, ServiceDeploymentStatus status) {
        ServiceDeployment applied = new ServiceDeployment();
        applied.setMetadata(identityOf(target));
        applied.setStatus(status);
        return client.resource(applied).subresource("status").patch(asOperator());
    }

    private static ObjectMeta identityOf(HasMetadata target) {
        return new ObjectMetaBuilder()
                .withName(target.getMetadata().getName())
                .withNamespace(target.getMetadata().getNamespace())
                .build();
    }

    private static PatchContext asOperator() {
        return new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager("lightkeeper")
                .withForce(true)
                .build();
    }

    private GenericKubernetesResource create(String manifest) throws IOException {
        return create((ObjectNode) read(manifest));
    }

    private GenericKubernetesResource create(ObjectNode manifest) {
        manifest.withObject("/metadata").put("namespace", namespace);
        return client.resource(
                        client.getKubernetesSerialization().convertValue(manifest, GenericKubernetesResource.class))
                .create();
    }

    private ServiceDeployment typed(GenericKubernetesResource created) {
        return client.getKubernetesSerialization().convertValue(created, ServiceDeployment.class);
    }

    private JsonNode tree(Object resource) throws IOException {
        return YAML.readTree(client.getKubernetesSerialization().asYaml(resource));
    }

    private static JsonNode read(String resource) throws IOException {
        try (InputStream in = Objects.requireNonNull(GoodManifestsIT.class.getResourceAsStream(resource), resource)) {
            return YAML.readTree(in);
        }
    }

    /** The records leave empty lists out; nobody can tell them from absent ones. */
    private static JsonNode withoutEmptyLists(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties()
                    .removeIf(member ->
                            member.getValue().isArray() && member.getValue().isEmpty());
        }
        node.forEach(GoodManifestsIT::withoutEmptyLists);
        return node;
    }
}
