package dev.lightkeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.simulators.aws.audit.AuditEntry;
import dev.lightkeeper.simulators.aws.faults.Fault;
import dev.lightkeeper.simulators.aws.faults.FaultKind;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A namespace is deleted with everything in it, credentials included, as the namespace controller does it. */
@Order(2)
@Execution(ExecutionMode.CONCURRENT)
class NamespaceDeletionIT {
    private static final String GOOD = "ghcr.io/acme/api:1.4.162";
    private static final Duration SOON = Duration.ofSeconds(30);

    private World world;

    Cluster cluster() {
        return EmbeddedKubernetes.alone();
    }

    Invalid invalid() {
        return Invalid.NO_PATH;
    }

    @BeforeEach
    void start() {
        world = new World(cluster());
    }

    @AfterEach
    void stop() {
        world.close();
    }

    @Test
    void aNamespaceFullOfRetainGoesWhateverStateItsResourcesAreIn() {
        world.lightsail().create("foreign", dev.lightkeeper.simulators.aws.lightsail.Power.NANO, 2, java.util.Map.of());
        new NewerVersion(world.client(), world.namespace()).create("newer");
        retain("ready", "");
        retain("rolling", "");
        retain("paused", "suspend: true");
        retain("observed", "managementPolicy: Observe");
        retain("foreign", "");
        retain("elsewhere", "region: eu-west-1");
        declare("accountless", "{name: nobody}", "", "", GOOD);
        declare("invalid", account(), invalid().container(), "", GOOD);
        world.until("newer", "Stalled", ConditionStatus.True, "UnknownValue");
        world.until("foreign", "Stalled", ConditionStatus.True, "AdoptionRefused");
        world.until("elsewhere", "Stalled", ConditionStatus.True, "RegionNotAllowed");
        world.until("accountless", "Stalled", ConditionStatus.True, "AccountNotFound");
        world.until("invalid", "Stalled", ConditionStatus.True, "InvalidSpec");
        world.untilReady("ready");
        world.untilReady("rolling");
        retain("rolling", "", "ghcr.io/acme/api:1.4.163");
        world.until("rolling", found -> found.getStatus().operation() != null);

        deleteNamespace();

        assertThat(world.aws().audit().mutations())
                .extracting(AuditEntry::operation)
                .doesNotContain("DeleteContainerService");
        assertThat(world.lightsail().find("ready")).isPresent();
        assertThat(world.lightsail().find("rolling")).isPresent();
    }

    @Test
    void aNamespaceFullOfRetainGoesWhileAwsHangs() {
        retain("ready", "");
        world.untilReady("ready");
        world.aws().faults().add(Fault.of(FaultKind.HANG_BEFORE));

        deleteNamespace();

        world.aws().faults().clear();
        assertThat(world.lightsail().find("ready")).isPresent();
    }

    /** The content first in the order that is worst for us: without its credentials the account cannot be used. */
    private void deleteNamespace() {
        KubernetesClient client = world.client();
        String namespace = world.namespace();
        List<StatusDetails> _ = client.namespaces().withName(namespace).delete();
        List<StatusDetails> _ = client.secrets().inNamespace(namespace).delete();
        List<StatusDetails> _ = client.configMaps().inNamespace(namespace).delete();
        List<StatusDetails> _ =
                client.apps().controllerRevisions().inNamespace(namespace).delete();
        List<StatusDetails> _ =
                client.resources(ServiceDeployment.class).inNamespace(namespace).delete();
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(client.resources(ServiceDeployment.class)
                                .inNamespace(namespace)
                                .list()
                                .getItems())
                        .extracting(left -> left.getMetadata().getName())
                        .isEmpty());
    }

    private String account() {
        return "{name: %s}".formatted(world.namespace());
    }

    private void retain(String name, String line) {
        retain(name, line, GOOD);
    }

    private void retain(String name, String line, String image) {
        declare(name, account(), "", line, image);
    }

    private void declare(String name, String account, String container, String line, String image) {
        ServiceDeployment stored = world.apply(ServiceDeployment.class, """
                apiVersion: lightkeeper.dev/v1alpha1
                kind: ServiceDeployment
                metadata: {name: %1$s, namespace: %2$s}
                spec:
                  accountRef: %3$s
                  lightsail: {serviceName: %1$s, power: nano}
                  containers:
                    - name: api
                      image: "%6$s"
                      ports: [{containerPort: 3697}]
                %4$s
                  publicEndpoint: {healthCheck: {path: /health/live}}
                  readiness: {path: %7$s, periodSeconds: 1, timeoutSeconds: 1}
                  verification: {deadlineSeconds: 65, backoff: {initialSeconds: 1, factor: 1, maxSeconds: 1}}
                  rollout: {minReadySeconds: 1, bakeSeconds: 2}
                  %5$s
                """.formatted(
                        name,
                        world.namespace(),
                        account,
                        container.indent(6),
                        line,
                        image,
                        name.equals("invalid") ? invalid().path() : "/health/ready"));
        assertThat(Objects.requireNonNull(stored.getSpec().deletionPolicy())).hasToString("Retain");
    }
}
