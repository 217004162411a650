package dev.lightkeeper.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.Cluster;
import dev.lightkeeper.EmbeddedKubernetes;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every manifest that must be refused, with what the server then says; the table is bad-manifests.yaml. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadManifestsIT {
    /** The server's remark that it stopped at a schema error; no cause of its own. */
    private static final String RULES_NOT_CHECKED = "some validation rules were not checked";

    private final ManifestTable table = ManifestTable.read("bad-manifests.yaml");

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
        namespace = cluster.newNamespace(client);
    }

    @AfterAll
    void closeClient() {
        if (client != null) {
            client.close();
        }
    }

    Stream<ManifestTable.Row> refused() {
        return table.rows("refused").stream();
    }

    @ParameterizedTest
    @MethodSource("refused")
    void isRefusedWithAMessageThatSaysWhatToDo(ManifestTable.Row row) {
        KubernetesClientException refusal = catchThrowableOfType(KubernetesClientException.class, () -> submit(row));

        assertThat(refusal).as("%s: must be refused", row.name()).isNotNull();
        List<String> causes = refusal.getStatus().getDetails().getCauses().stream()
                .map(BadManifestsIT::fieldAndMessage)
                .filter(cause -> !cause.contains(RULES_NOT_CHECKED))
                .toList();
        assertThat(row.messages())
                .isNotEmpty()
                .allSatisfy(message ->
                        assertThat(causes).anySatisfy(cause -> assertThat(cause).contains(message)));
        assertThat(causes)
                .as("%s: nothing else is complained about", row.name())
                .allSatisfy(cause -> assertThat(row.messages())
                        .anySatisfy(message -> assertThat(cause).contains(message)));
    }

    Stream<ManifestTable.Row> accepted() {
        return table.rows("accepted").stream();
    }

    /** Near misses: what the rules must not refuse. */
    @ParameterizedTest
    @MethodSource("accepted")
    void isAccepted(ManifestTable.Row row) {
        submit(row);
    }

    private void submit(ManifestTable.Row row) {
        if (!row.isUpdate()) {
            client.resource(resource(row.manifest(), "-new")).dryRun().create();
            return;
        }
        GenericKubernetesResource base = resource(row.base(), "-existing");
        GenericKubernetesResource existing = client.resource(base).get();
        GenericKubernetesResource stored =
                existing == null ? client.resource(base).create() : existing;
        GenericKubernetesResource changed = resource(row.manifest(), "-existing");
        changed.getMetadata().setResourceVersion(stored.getMetadata().getResourceVersion());
        client.resource(changed).dryRun().update();
    }

    private GenericKubernetesResource resource(ObjectNode manifest, String nameSuffix) {
        GenericKubernetesResource resource =
                client.getKubernetesSerialization().convertValue(manifest, GenericKubernetesResource.class);
        resource.getMetadata().setName(resource.getMetadata().getName() + nameSuffix);
        if (resource.getKind().equals("ServiceDeployment")) {
            resource.getMetadata().setNamespace(namespace);
        }
        return resource;
    }

    private static String fieldAndMessage(StatusCause cause) {
        return cause.getField() + ": " + cause.getMessage();
    }
}
