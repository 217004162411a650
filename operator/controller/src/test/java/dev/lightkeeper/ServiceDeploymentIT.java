package dev.lightkeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.api.v1alpha1.Summary;
import dev.lightkeeper.simulators.aws.application.EndpointSpec;
import dev.lightkeeper.simulators.aws.application.HealthCheckSpec;
import dev.lightkeeper.simulators.aws.application.ImageCatalogue;
import dev.lightkeeper.simulators.aws.audit.AuditEntry;
import dev.lightkeeper.simulators.aws.lightsail.ContainerContent;
import dev.lightkeeper.simulators.aws.lightsail.DeploymentContent;
import dev.lightkeeper.simulators.aws.lightsail.Power;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The main job, on a real API server and over AWS's real wire protocol. */
@Order(2)
@Execution(ExecutionMode.CONCURRENT)
class ServiceDeploymentIT {
    private static final String GOOD = "ghcr.io/acme/api:1.4.162";

    private World world;

    Cluster cluster() {
        return EmbeddedKubernetes.alone();
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
    void anAppliedManifestBecomesAProvedService() {
        world.deploy("api", GOOD);

        ServiceDeployment ready = world.untilReady("api");

        assertThat(world.aws().audit().mutations())
                .extracting(AuditEntry::operation)
                .containsExactly("CreateContainerService", "CreateContainerServiceDeployment");
        assertThat(ready.getStatus().summary()).isEqualTo(new Summary(GOOD, "2/2"));
        assertThat(World.condition(ready, "Synced").orElseThrow().status()).isEqualTo(ConditionStatus.True);
    }

    @Test
    void aMissingRequiredVariableTouchesNothingAndIsNamed() {
        world.configMap("settings", Map.of("AI_MAX_TOKENS_CHAT", ""));
        world.deploy(
                "api",
                GOOD,
                "envFrom: [{configMapRef: {name: settings}}]",
                "requiredEnv: [{name: AI_MAX_TOKENS_CHAT}]");

        ServiceDeployment refused = world.until("api", "Degraded", ConditionStatus.True, "EnvironmentInvalid");

        assertThat(World.condition(refused, "Stalled").orElseThrow().message()).contains("AI_MAX_TOKENS_CHAT");
        assertThat(world.aws().audit().mutations()).isEmpty();

        world.configMap("settings", Map.of("AI_MAX_TOKENS_CHAT", "4096"));
        world.untilReady("api");
    }

    @Test
    void brokenReadinessIsDegradedAndComesBackByItself() {
        world.deploy("api", GOOD);
        world.untilReady("api");
        world.untilSteady("api");

        ready(false);
        ServiceDeployment broken = world.until("api", "Degraded", ConditionStatus.True, "ReadinessFailed");

        assertThat(World.condition(broken, "Ready").orElseThrow().status()).isEqualTo(ConditionStatus.False);
        assertThat(World.condition(broken, "Available").orElseThrow().status()).isEqualTo(ConditionStatus.False);
        ready(true);
        ServiceDeployment healed = world.untilReady("api");
        assertThat(World.condition(healed, "Degraded").orElseThrow().status()).isEqualTo(ConditionStatus.False);
        assertThat(world.aws().audit().of("CreateContainerServiceDeployment")).hasSize(1);
    }

    @Test
    void aChangedConfigMapLeadsToAVerifiedRolloutByItself() {
        world.configMap("settings", Map.of("LOG_LEVEL", "info"));
        world.deploy("api", GOOD, "envFrom: [{configMapRef: {name: settings}}]");
        world.untilReady("api");

        world.configMap("settings", Map.of("LOG_LEVEL", "warn"));

        ServiceDeployment rolled =
                world.until("api", found -> "2".equals(found.getStatus().lastVerifiedRevision()));
        assertThat(World.condition(rolled, "Ready").orElseThrow().status()).isEqualTo(ConditionStatus.True);
        assertThat(world.aws().audit().of("CreateContainerServiceDeployment")).hasSize(2);
    }

    @Test
    void aDeploymentThatAwsFailsIsToldAndNotRepeated() {
        world.deploy("api", GOOD);
        world.untilReady("api");
        world.untilSteady("api");

        world.deploy("api", "ghcr.io/acme/api:crashes-at-start");
        ServiceDeployment failed = world.until("api", "Stalled", ConditionStatus.True, "DeploymentFailed");

        assertThat(World.condition(failed, "Available").orElseThrow().status()).isEqualTo(ConditionStatus.True);
        world.deploy("api", GOOD);
        world.untilReady("api");
        assertThat(world.aws().audit().of("CreateContainerServiceDeployment")).hasSize(2);
    }

    @Test
    void anImageDeployedByHandIsCorrected() {
        world.deploy("api", GOOD);
        world.untilReady("api");
        world.untilSteady("api");

        world.lightsail().redeploy("api", content -> content.withImage("api", "ghcr.io/acme/api:1.4.100"));

        world.until("api", "Ready", ConditionStatus.False, "ImageMismatch");
        world.untilReady("api");
        assertThat(world.events("api")).anyMatch(event -> event.startsWith("ImageMismatch"));
    }

    @Test
    void aHandMadeServiceIsTakenOverOnlyAfterTheLossOfItsVariablesWasAccepted() {
        world.lightsail().create("legacy", Power.NANO, 2, Map.of());
        world.lightsail()
                .deploy(
                        "legacy",
                        new DeploymentContent(
                                Map.of(
                                        "api",
                                        new ContainerContent(
                                                "ghcr.io/acme/api:1.4.100",
                                                List.of(),
                                                Map.of("SMTP_HOST", "mail"),
                                                Map.of("3697", "HTTP"))),
                                new EndpointSpec("api", 3697, HealthCheckSpec.defaults())));
        ServiceDeployment _ = world.apply(ServiceDeployment.class, """
                apiVersion: lightkeeper.dev/v1alpha1
                kind: ServiceDeployment
                metadata: {name: legacy, namespace: %1$s}
                spec:
                  accountRef: {name: %1$s}
                  adoptionPolicy: AdoptOrCreate
                  lightsail: {serviceName: legacy, power: nano}
                  containers:
                    - {name: api, image: "%2$s", ports: [{containerPort: 3697}]}
                  publicEndpoint: {healthCheck: {path: /health/live}}
                  readiness: {path: /health/ready, periodSeconds: 1, timeoutSeconds: 1}
                  rollout: {minReadySeconds: 1, bakeSeconds: 2}
                """.formatted(world.namespace(), GOOD));
        ServiceDeployment asked =
                world.until("legacy", "Stalled", ConditionStatus.True, "AdoptionWouldRemoveEnvironment");
        assertThat(asked.getStatus().plan()).containsExactly("remove variables SMTP_HOST of container \"api\"");
        assertThat(world.aws().audit().mutations()).isEmpty();

        world.client().resource(asked).edit(found -> {
            found.getMetadata()
                    .getAnnotations()
                    .put("lightkeeper.dev/accept-plan", asked.getStatus().planHash());
            return found;
        });

        world.untilReady("legacy");
        assertThat(world.aws().audit().mutations())
                .extracting(AuditEntry::operation)
                .containsExactly("TagResource", "CreateContainerServiceDeployment");
        assertThat(world.client()
                        .apps()
                        .controllerRevisions()
                        .inNamespace(world.namespace())
                        .withName("legacy-baseline")
                        .get())
                .isNotNull();
    }

    @Test
    void aDeletedResourceTakesItsServiceWithItWhereThatIsAsked() {
        world.deploy("api", GOOD);
        ServiceDeployment ready = world.untilReady("api");

        world.client().resource(ready).delete();

        Awaitility.await()
                .atMost(World.PATIENCE)
                .until(() -> world.lightsail().find("api").isEmpty());
    }

    private void ready(boolean ready) {
        ImageCatalogue images = world.aws().catalogue();
        images.put(
                GOOD,
                images.behaviour(GOOD).toBuilder().with("neverReady: " + !ready).build());
    }
}
