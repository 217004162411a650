package dev.lightkeeper.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.Manifests;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.desired.Reference;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.kube.StatusWriter.Outcome;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers that a Kubernetes API in good health never gives, as Fabric8's mock server cans them. */
@SuppressWarnings("NullAway.Init")
class CannedAnswersTest {
    private static final String SECRET = "/api/v1/namespaces/shop/secrets/db";
    private static final String STATUS = "/apis/lightkeeper.dev/v1alpha1/namespaces/shop/servicedeployments/api/status";
    private static final String QUOTED = "the server quotes hunter2";

    private KubernetesMockServer server;
    private KubernetesClient client;

    @BeforeEach
    void start() {
        server = new KubernetesMockServer(false);
        server.init();
        client = KubernetesClients.leaseClient(
                new ConfigBuilder().withMasterUrl(server.url("/")).build());
    }

    @AfterEach
    void stop() {
        client.close();
        server.destroy();
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of(401, Failure.Denied.class),
                Arguments.of(403, Failure.Denied.class),
                Arguments.of(409, Failure.Conflict.class),
                Arguments.of(422, Failure.Terminal.class),
                Arguments.of(429, Failure.Throttled.class),
                Arguments.of(500, Failure.Transient.class),
                Arguments.of(503, Failure.Transient.class));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void aSecretThatTheApiDoesNotGiveIsUnreadableAndNeverMissing(int code, Class<? extends Failure> kind) {
        server.expect().get().withPath(SECRET).andReturn(code, QUOTED).always();

        Reference<?> read = new KubernetesReferences(client).secret("shop", "db");

        assertThat(read)
                .isInstanceOfSatisfying(
                        Reference.Unreadable.class,
                        unreadable -> assertThat(unreadable.failure()).isInstanceOf(kind));
        assertThat(read.toString()).doesNotContain("hunter2").contains("get secrets");
    }

    @ParameterizedTest
    @MethodSource("answers")
    void aStatusThatTheApiDoesNotTakeIsNotWritten(int code, Class<? extends Failure> kind) {
        server.expect()
                .patch()
                .withPath(STATUS + "?fieldManager=lightkeeper&force=true")
                .andReturn(code, QUOTED)
                .always();
        ServiceDeployment read = Manifests.serviceDeployment("shop", "api");
        read.getMetadata().setResourceVersion("7");
        ServiceDeploymentStatus status = Manifests.status(1, ConditionStatus.True, "proved");

        Outcome<ServiceDeployment> outcome =
                new StatusWriter<>(client, ServiceDeployment::new).write(read, status, true);

        if (kind == Failure.Conflict.class) {
            assertThat(outcome).isInstanceOf(Outcome.Conflict.class);
        } else {
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Outcome.Failed.class,
                            failed -> assertThat(failed.failure()).isInstanceOf(kind));
        }
        assertThat(outcome.toString()).doesNotContain("hunter2");
    }
}
