package dev.lightkeeper.kube;

import static dev.lightkeeper.api.v1alpha1.ConditionStatus.False;
import static dev.lightkeeper.api.v1alpha1.ConditionStatus.True;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.Cluster;
import dev.lightkeeper.EmbeddedKubernetes;
import dev.lightkeeper.Manifests;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.kube.StatusWriter.Outcome;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class StatusWriterIT {
    private KubernetesClient client;
    private String namespace;
    private StatusWriter<ServiceDeployment, ServiceDeploymentStatus> writer;

    Cluster cluster() {
        return EmbeddedKubernetes.shared();
    }

    @BeforeAll
    void startServer() {
        Cluster cluster = cluster();
        cluster.installCrds();
        client = cluster.client();
        namespace = cluster.newNamespace(client);
        writer = new StatusWriter<>(client, ServiceDeployment::new);
    }

    @AfterAll
    void closeClient() {
        if (client != null) {
            client.close();
        }
    }

    @Test
    void aStatusIsWrittenWhole() {
        ServiceDeployment created = create("whole");

        ServiceDeployment first = written(writer.write(created, status(True, "first"), false));
        ServiceDeployment second = written(writer.write(first, Manifests.status(1, java.util.List.of()), false));

        assertThat(first.getStatus()).isEqualTo(status(True, "first"));
        assertThat(first.getSpec().lightsail()).isNotNull();
        assertThat(second.getStatus().conditions()).isEmpty();
    }

    @Test
    void anEqualStatusIsNotSent() {
        ServiceDeployment first = written(writer.write(create("equal"), status(True, "same"), false));

        assertThat(writer.write(first, status(True, "same"), false)).isInstanceOf(Outcome.Unchanged.class);
        assertThat(stored("equal").getMetadata().getResourceVersion())
                .isEqualTo(first.getMetadata().getResourceVersion());
    }

    @Test
    void aLockedWriteIsRefusedAfterAnyChange() {
        ServiceDeployment read = create("locked");
        annotate("locked");

        assertThat(writer.write(read, status(True, "intent"), true)).isInstanceOf(Outcome.Conflict.class);
        assertThat(stored("locked").getStatus().conditions()).isEmpty();
    }

    @Test
    void aLockedWriteThatChangesNothingIsRefusedAfterAChangeToo() {
        ServiceDeployment read = written(writer.write(create("fence"), status(True, "same"), false));
        annotate("fence");

        assertThat(writer.write(read, status(True, "same"), true)).isInstanceOf(Outcome.Conflict.class);
    }

    @Test
    void anEditOfTheSpecDoesNotLoseWhatARunFoundOut() {
        ServiceDeployment read = create("edited");
        annotate("edited");

        assertThat(writer.write(read, status(True, "found out"), false)).isInstanceOf(Outcome.Written.class);
        assertThat(stored("edited").getStatus()).isEqualTo(status(True, "found out"));
    }

    @Test
    void theStatusOfAnotherWriterIsNeverOverwritten() {
        ServiceDeployment read = create("fought");
        ServiceDeployment other = written(writer.write(read, status(True, "the new leader"), false));

        assertThat(writer.write(read, status(False, "the old leader"), false)).isInstanceOf(Outcome.Conflict.class);
        assertThat(stored("fought").getStatus()).isEqualTo(other.getStatus());
    }

    @Test
    void aDeletedObjectIsAFailureAndStaysDeleted() {
        ServiceDeployment read = create("gone");
        client.resource(read).delete();

        assertThat(writer.write(read, status(True, "late"), false))
                .isInstanceOfAny(Outcome.Failed.class, Outcome.Conflict.class);
        assertThat(client.resource(read).get()).isNull();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void anyStatusIsAccepted(long seed) {
        ServiceDeploymentStatus any = new AnyRecord(new Random(seed)).of(ServiceDeploymentStatus.class);

        ServiceDeployment stored = written(writer.write(create("any-" + seed), any, false));

        assertThat(stored.getStatus()).isEqualTo(StatusBounds.clamp(any));
        assertThat(writer.write(stored, any, false)).isInstanceOf(Outcome.Unchanged.class);
    }

    private ServiceDeployment create(String name) {
        return client.resource(Manifests.serviceDeployment(namespace, name)).create();
    }

    private ServiceDeployment stored(String name) {
        return client.resources(ServiceDeployment.class)
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    private void annotate(String name) {
        ServiceDeployment _ = client.resources(ServiceDeployment.class)
                .inNamespace(namespace)
                .withName(name)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"annotations\":{\"example.com/note\":\"x\"}}}");
    }

    private static ServiceDeploymentStatus status(ConditionStatus ready, String message) {
        return Manifests.status(1, ready, message);
    }

    private static ServiceDeployment written(Outcome<ServiceDeployment> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Written.class);
        return ((Outcome.Written<ServiceDeployment>) outcome).stored();
    }
}
