package dev.lightkeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.simulators.aws.audit.AuditEntry;
import java.util.Map;
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
        assertThat(ready.getStatus().summary().scale()).isEqualTo("2/2");
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
}
