package dev.lightkeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.api.v1alpha1.Summary;
import dev.lightkeeper.simulators.aws.application.ImageCatalogue;
import dev.lightkeeper.simulators.aws.audit.AuditEntry;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The main job, on a real API server and over AWS's real wire protocol. */
class ServiceDeploymentApiServerIT {
    private static final String GOOD = "ghcr.io/acme/api:1.4.162";

    private World world;

    @BeforeEach
    void start() {
        world = new World();
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
        untilSteady();

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
        untilSteady();

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
        untilSteady();

        world.lightsail().redeploy("api", content -> content.withImage("api", "ghcr.io/acme/api:1.4.100"));

        world.until("api", "Ready", ConditionStatus.False, "ImageMismatch");
        world.untilReady("api");
        assertThat(world.events("api")).anyMatch(event -> event.startsWith("ImageMismatch"));
    }

    @Test
    void aDeletedResourceTakesItsServiceWithItWhereThatIsAsked() {
        world.deploy("api", GOOD);
        ServiceDeployment ready = world.untilReady("api");

        world.client().resource(ready).delete();

        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> world.lightsail().find("api").isEmpty());
    }

    private void untilSteady() {
        world.until(
                "api",
                found ->
                        found.getStatus().rollout() == null && found.getStatus().lastVerifiedRevision() != null);
    }

    private void ready(boolean ready) {
        ImageCatalogue images = world.aws().catalogue();
        images.put(
                GOOD,
                images.behaviour(GOOD).toBuilder().with("neverReady: " + !ready).build());
    }
}
