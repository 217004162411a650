package dev.lightkeeper.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.Cluster;
import dev.lightkeeper.EmbeddedKubernetes;
import dev.lightkeeper.Manifests;
import dev.lightkeeper.api.v1alpha1.AwsAccount;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.desired.Digester;
import dev.lightkeeper.desired.Reference;
import dev.lightkeeper.desired.SecretText;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.status.Notice;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class KubernetesPortsIT {
    private KubernetesClient client;
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

    @Test
    void referencesAreReadDecoded() {
        client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("common")
                        .withNamespace(namespace)
                        .endMetadata()
                        .addToData("LOG_LEVEL", "info")
                        .build())
                .create();
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("api")
                        .withNamespace(namespace)
                        .endMetadata()
                        .addToStringData("dsn", "postgres://ü")
                        .build())
                .create();
        KubernetesReferences references = new KubernetesReferences(client);

        assertThat(references.configMap(namespace, "common"))
                .isEqualTo(new Reference.Found<>(Map.of("LOG_LEVEL", "info")));
        assertThat(references.secret(namespace, "api"))
                .isEqualTo(new Reference.Found<>(Map.of("dsn", SecretText.of("postgres://ü"))));
        assertThat(references.secret(namespace, "api").toString()).doesNotContain("postgres");
    }

    @Test
    void whatIsNotThereIsMissingAndWhatDoesNotAnswerIsUnreadable() {
        assertThat(new KubernetesReferences(client).secret(namespace, "nothing"))
                .isEqualTo(new Reference.Missing<>("Secret \"nothing\""));

        try (KubernetesClient unreachable = KubernetesClients.leaseClient(new ConfigBuilder(client.getConfiguration())
                .withMasterUrl("https://127.0.0.1:1")
                .build())) {
            assertThat(new KubernetesReferences(unreachable).secret(namespace, "api"))
                    .isInstanceOfSatisfying(
                            Reference.Unreadable.class,
                            unreadable -> assertThat(unreadable.failure()).isInstanceOf(Failure.Transient.class));
        }
    }

    @Test
    void accountsNamespacesAndUsersAreFound() {
        client.resource(Manifests.awsAccount("found")).create();
        client.resource(Manifests.serviceDeployment(namespace, "user")).create();

        assertThat(new AwsAccountDirectory(client).find("found"))
                .isInstanceOfSatisfying(
                        Reference.Found.class,
                        found -> assertThat(
                                        ((AwsAccount) found.value()).getSpec().accountId())
                                .isEqualTo("123456789012"));
        assertThat(new AwsAccountDirectory(client).find("lost")).isInstanceOf(Reference.Missing.class);
        assertThat(new Namespaces(client).labels(namespace))
                .isEqualTo(new Reference.Found<>(Map.of("kubernetes.io/metadata.name", namespace)));
        assertThat(new Namespaces(client).clusterId()).isInstanceOf(Reference.Found.class);
        assertThat(users("default")).hasSize(1);
        assertThat(users("found")).isEmpty();
    }

    @Test
    void whoeverComesSecondTakesTheDigestKeyOfTheFirst() throws Exception {
        Set<String> digests = new HashSet<>();
        try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<String> digest = () -> new DigestKey(client, namespace, new SecureRandom())
                    .digester()
                    .digest("context", "value");
            for (Future<String> made : each.invokeAll(Collections.nCopies(8, digest))) {
                digests.add(made.get());
            }
        }

        assertThat(digests).hasSize(1);
        assertThat(digests).doesNotContain(new Digester(new byte[32]).digest("context", "value"));
    }

    @Test
    void anEventIsStoredOnceAndAFailureIsNotThrown() {
        ServiceDeployment regarding =
                client.resource(Manifests.serviceDeployment(namespace, "told")).create();
        EventRecorder recorder = new EventRecorder(client, "lightkeeper-1");
        Instant at = Instant.parse("2026-01-02T03:04:05.678Z");
        List<Notice> notices = List.of(
                new Notice(true, Reason.ReadinessFailed, "ü".repeat(1024)),
                new Notice(false, Reason.Deploying, "deploying :x.165 (was :x.162), version 12"));

        recorder.record(regarding, notices, at);
        recorder.record(regarding, notices, at);

        assertThat(client.events().v1().events().inNamespace(namespace).list().getItems().stream()
                        .filter(event -> "told".equals(event.getRegarding().getName())))
                .extracting(event -> event.getType() + " " + event.getReason())
                .containsExactlyInAnyOrder("Warning ReadinessFailed", "Normal Deploying");
        regarding.getMetadata().setNamespace("no-such-namespace");
        recorder.record(regarding, notices, at);
    }

    private List<ServiceDeployment> users(String account) {
        return ((Reference.Found<List<ServiceDeployment>>) new AccountUsers(client, Set.of(namespace)).of(account))
                .value();
    }
}
