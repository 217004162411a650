package dev.lightkeeper.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lightkeeper.api.v1alpha1.AwsAccount;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.simulators.aws.audit.AuditEntry;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many services in one account and region cost no more looks than one, and nothing is written while nothing happens. */
class FleetE2E {
    private static final double SPEED = 30;
    private static final Duration LOOK = Duration.ofSeconds(30).dividedBy(Math.round(SPEED));
    private static final int LOOKS = 10;
    private static final int CALLS_PER_LOOK = 2;
    private static final int SERVICES = 50;
    private static final String NAMESPACE = "fleet";

    private final Opened opened = new Opened();
    private World world;

    World world(double speed, Opened opened) {
        return Worlds.embedded(speed, opened);
    }

    @BeforeEach
    void start() {
        world = world(SPEED, opened);
    }

    @AfterEach
    void stop() {
        opened.close();
    }

    @Test
    void fiftyReadyServicesCostTwoCallsALookAndNoWrite() {
        declare();
        await().atMost(Duration.ofMinutes(6))
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(unsettled()).isEmpty());

        Map<String, String> stored = stored();
        long began = System.nanoTime();
        int audited = world.aws().audit().entries().size();
        await().pollDelay(Duration.ZERO)
                .pollInterval(LOOK)
                .atMost(LOOK.multipliedBy(2L * LOOKS))
                .until(() ->
                        System.nanoTime() - began >= LOOK.multipliedBy(LOOKS).toNanos());

        List<String> calls = world.aws().audit().entries().stream()
                .skip(audited)
                .map(AuditEntry::operation)
                .toList();
        // On a busy machine they have had longer than was waited for.
        int looks = Math.toIntExact(Math.ceilDiv(System.nanoTime() - began, LOOK.toNanos()));
        assertThat(stored()).isEqualTo(stored);
        assertThat(calls).contains("GetContainerServices").hasSizeLessThanOrEqualTo(looks * CALLS_PER_LOOK);
    }

    private void declare() {
        String prelude = """
                apiVersion: v1
                kind: Namespace
                metadata: {name: fleet}
                ---
                apiVersion: lightkeeper.dev/v1alpha1
                kind: AwsAccount
                metadata: {name: default}
                spec:
                  accountId: "123456789012"
                  defaultRegion: us-east-2
                  allowedRegions: [us-east-2]
                  credentials: {ambient: {}}
                  access: {namespaces: {}, serviceNamePatterns: ["*"]}
                ---
                """;
        String services = IntStream.range(0, SERVICES).mapToObj("""
                        apiVersion: lightkeeper.dev/v1alpha1
                        kind: ServiceDeployment
                        metadata: {name: service-%1$d, namespace: fleet}
                        spec:
                          lightsail: {serviceName: service-%1$d, power: nano}
                          containers:
                            - name: api
                              image: ghcr.io/acme/api:1.4.162
                              ports: [{containerPort: 3697}]
                          publicEndpoint: {healthCheck: {path: /health/live}}
                          readiness: {path: /health/ready, periodSeconds: 5}
                          rollout: {minReadySeconds: 1, bakeSeconds: 1}
                        """::formatted).collect(Collectors.joining("---\n"));
        world.manifests()
                .parse(new ByteArrayInputStream((prelude + services).getBytes(StandardCharsets.UTF_8)))
                .forEach(world.manifests()::apply);
    }

    /** Those that are not Ready or still have something of their rollout before them. */
    private List<String> unsettled() {
        List<ServiceDeployment> all = world.client()
                .resources(ServiceDeployment.class)
                .inNamespace(NAMESPACE)
                .list()
                .getItems();
        assertThat(all).hasSize(SERVICES);
        return all.stream()
                .filter(resource -> !Sightings.ready(resource)
                        || resource.getStatus().rollout() != null
                        || !Objects.equals(
                                resource.getStatus().updateRevision(),
                                resource.getStatus().lastVerifiedRevision()))
                .map(resource -> resource.getMetadata().getName() + " "
                        + Sightings.condition(resource, "Ready").orElse(null))
                .toList();
    }

    /** The version of everything that the operator may write, and every event. */
    private Map<String, String> stored() {
        KubernetesClient client = world.client();
        return Stream.of(
                        client.resources(ServiceDeployment.class).inAnyNamespace().list().getItems().stream(),
                        client.resources(AwsAccount.class).list().getItems().stream(),
                        client.apps().controllerRevisions().inAnyNamespace().list().getItems().stream(),
                        client.events().v1().events().inAnyNamespace().list().getItems().stream())
                .flatMap(Function.<Stream<? extends HasMetadata>>identity())
                .collect(Collectors.toMap(
                        object -> object.getKind() + " " + object.getMetadata().getName(),
                        object -> object.getMetadata().getResourceVersion()));
    }
}
