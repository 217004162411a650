package dev.lightkeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.plan.Ownership;
import dev.lightkeeper.simulators.aws.audit.AuditEntry;
import dev.lightkeeper.simulators.aws.faults.Fault;
import dev.lightkeeper.simulators.aws.faults.FaultKind;
import dev.lightkeeper.simulators.aws.faults.Faults;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** AWS, endpoints and instances have a bad day, over the wire: nothing is done twice, and all comes right by itself. */
@Order(2)
@Execution(ExecutionMode.CONCURRENT)
class FaultsIT {
    private static final Logger log = LoggerFactory.getLogger(FaultsIT.class);
    private static final String IMAGE = "ghcr.io/acme/api:1.4.162";
    private static final String OTHER_ACCOUNT = "999999999999";
    private static final String OTHER_KEY = "AKIASIMULATOR0000009";
    private static final List<FaultKind> KINDS = List.of(
            FaultKind.THROTTLE,
            FaultKind.SERVER_ERROR,
            FaultKind.UNAVAILABLE_HTML,
            FaultKind.TRY_AGAIN,
            FaultKind.LOST_BEFORE,
            FaultKind.LOST_AFTER,
            FaultKind.TRUNCATED);
    private static final List<String> MUTATIONS = List.of(
            "CreateContainerService",
            "CreateContainerServiceDeployment",
            "UpdateContainerService",
            "TagResource",
            "DeleteContainerService");

    private World world;

    @BeforeEach
    void start() {
        world = new World(EmbeddedKubernetes.alone());
    }

    @AfterEach
    void stop() {
        world.close();
    }

    @Test
    void everyChangeThatMeetsAnyFaultIsMadeExactlyOnceInTheEnd() {
        List<String> services = new ArrayList<>();
        for (FaultKind kind : KINDS) {
            String service = kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
            services.add(service);
            MUTATIONS.forEach(operation -> world.aws()
                    .faults()
                    .add(Fault.of(kind, operation).onTarget(service).times(1)));
            world.deploy(service, IMAGE);
        }
        services.forEach(world::untilReady);

        services.forEach(service -> world.scale(service, 3));
        services.forEach(service -> world.until(
                service, found -> Integer.valueOf(3).equals(found.getStatus().replicas())));
        services.forEach(world::untilReady);
        services.forEach(service -> world.lightsail().untag(service, Ownership.OWNER_TAG, Ownership.CLUSTER_TAG));
        services.forEach(service -> untilEffects(
                service,
                "CreateContainerService",
                "CreateContainerServiceDeployment",
                "UpdateContainerService",
                "TagResource"));
        services.forEach(
                service -> assertThat(world.lightsail().service(service).tags())
                        .as(service)
                        .containsKeys(Ownership.OWNER_TAG, Ownership.CLUSTER_TAG));

        services.forEach(service -> world.client().resource(world.get(service)).delete());
        services.forEach(world::untilGone);
        services.forEach(service -> untilEffects(
                service,
                "CreateContainerService",
                "CreateContainerServiceDeployment",
                "UpdateContainerService",
                "TagResource",
                "DeleteContainerService"));
    }

    @Test
    void anOutageOfAwsChangesNothingAndEndsWithoutAHand() {
        List<String> services = List.of("a", "b", "c");
        services.forEach(service -> world.deploy(service, IMAGE));
        services.forEach(world::untilReady);
        int before = world.aws().audit().mutations().size();

        for (FaultKind kind : List.of(FaultKind.SERVER_ERROR, FaultKind.LOST_BEFORE)) {
            Faults.Injected outage = world.aws().faults().add(Fault.of(kind).onService("lightsail"));
            services.forEach(service -> world.until(service, "Ready", ConditionStatus.Unknown, "ObservationStale"));
            services.forEach(service -> assertThat(World.condition(world.get(service), "Available"))
                    .as("probes go on")
                    .map(Condition::status)
                    .hasValue(ConditionStatus.True));
            outage.remove();
            services.forEach(world::untilReady);
        }

        assertThat(world.aws().audit().mutations()).hasSize(before);
    }

    @Test
    void staleReadsMakeNothingTwice() {
        world.aws()
                .faults()
                .add(Fault.of(FaultKind.STALE_READ, "GetContainerServices").delayed(Duration.ofSeconds(45)));
        world.deploy("api", IMAGE);
        world.untilReady("api");
        world.deploy("api", "ghcr.io/acme/api:1.4.100");
        world.until(
                "api",
                found -> found.getStatus().summary() != null
                        && "ghcr.io/acme/api:1.4.100"
                                .equals(found.getStatus().summary().image()));
        world.untilReady("api");

        assertThat(effects("api"))
                .containsExactly(
                        "CreateContainerService",
                        "CreateContainerServiceDeployment",
                        "CreateContainerServiceDeployment");
    }

    @Test
    void anAccountThatHangsDelaysNobodyElse() {
        String hanging = world.namespace() + "-hanging";
        world.aws().credentials().addKey(OTHER_ACCOUNT, OTHER_KEY);
        world.client()
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(world.namespace())
                        .withName("other")
                        .endMetadata()
                        .addToStringData("aws_access_key_id", OTHER_KEY)
                        .addToStringData("aws_secret_access_key", "simulated-secret-key")
                        .build())
                .create();
        world.account(hanging, OTHER_ACCOUNT, "other");
        for (int i = 0; i < 10; i++) {
            world.deployTo(hanging, "there-" + i, IMAGE);
        }
        for (int i = 0; i < 10; i++) {
            world.untilReady("there-" + i);
        }
        Faults.Injected fault =
                world.aws().faults().add(Fault.of(FaultKind.HANG_BEFORE).inAccount(OTHER_ACCOUNT));
        await().atMost(World.PATIENCE).until(() -> fault.hits() > 0);

        Instant asked = Instant.now();
        world.deploy("here", IMAGE);
        world.untilReady("here");
        Duration took = Duration.between(asked, Instant.now());

        log.info("Ready after {} ms while another account hangs", took.toMillis());
        for (int i = 0; i < 10; i++) {
            world.until("there-" + i, "Ready", ConditionStatus.Unknown, "ObservationStale");
        }
        fault.remove();
        world.untilReady("there-9");
    }

    @Test
    void anEndpointThatHangsDelaysNobodyElse() {
        String image = "ghcr.io/acme/hangs:1";
        for (int i = 0; i < 10; i++) {
            world.deploy("hanging-" + i, image);
        }
        // While a release bakes, a failing endpoint is told as the failure of that release.
        for (int i = 0; i < 10; i++) {
            world.untilReady("hanging-" + i);
            world.untilSteady("hanging-" + i);
        }
        world.aws()
                .catalogue()
                .put(
                        image,
                        world.aws().catalogue().behaviour(image).toBuilder()
                                .with("endpoints: [{path: /health/ready, latencyMillis: 20000}]")
                                .build());

        world.until("hanging-0", "Degraded", ConditionStatus.True, "ReadinessFailed");
        Instant asked = Instant.now();
        world.deploy("here", IMAGE);
        world.untilReady("here");
        Duration took = Duration.between(asked, Instant.now());

        log.info("Ready after {} ms while ten endpoints hang", took.toMillis());
        for (int i = 0; i < 10; i++) {
            world.until("hanging-" + i, "Degraded", ConditionStatus.True, "ReadinessFailed");
        }
    }

    @Test
    void oneOfTwoInstancesThatOnlyAwsThinksHealthyIsFound() {
        world.deploy("api", IMAGE);
        world.untilReady("api");
        ServiceDeployment baked = world.untilSteady("api");
        assertThat(baked.getStatus().replicas()).isEqualTo(2);

        Instant broken = Instant.now();
        world.lightsail().breakNode("api", 0, world.aws().catalogue().behaviour("ghcr.io/acme/never-listens:1"));
        world.until("api", "Degraded", ConditionStatus.True, "ReadinessFailed");
        log.info(
                "half a service is found after {} s",
                Duration.between(broken, Instant.now()).toSeconds());

        assertThat(effects("api")).as("told, not touched").hasSize(2);
    }

    /** AWS shows an effect a moment before it is in the audit. */
    private void untilEffects(String service, String... operations) {
        await().atMost(World.PATIENCE)
                .untilAsserted(() -> assertThat(effects(service)).as(service).containsExactly(operations));
    }

    private List<String> effects(String service) {
        return world.aws().audit().mutations().stream()
                .filter(entry -> service.equals(entry.target()))
                .map(AuditEntry::operation)
                .toList();
    }
}
