package dev.lightkeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.simulators.aws.audit.AuditEntry;
import dev.lightkeeper.simulators.aws.ssm.ParameterControl;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** An environment from SSM Parameter Store, over AWS's real wire protocol. */
@Order(2)
@Execution(ExecutionMode.CONCURRENT)
class ParametersIT {
    private static final String GOOD = "ghcr.io/acme/api:1.4.162";
    private static final String FIRST = "postgres://u:planted-first@db";
    private static final String SECOND = "postgres://u:planted-second@db";

    private World world;

    @BeforeEach
    void start() {
        world = new World(EmbeddedKubernetes.alone());
    }

    @AfterEach
    void stop() {
        world.close();
    }

    private ParameterControl parameters() {
        return world.aws().ssm().in("us-east-2");
    }

    private String name(String last) {
        return "/" + world.namespace() + "/" + last;
    }

    private Optional<String> deployed() {
        return Optional.ofNullable(world.lightsail().service("api").currentVersion())
                .map(version ->
                        world.lightsail().content("api", version).containers().get("api"))
                .map(container -> container.environment().get("DATABASE_URL"));
    }

    @Test
    void aSecureStringIsDeployedInClearRotatedByItselfAndShownNowhere() {
        parameters().put(name("DATABASE_URL"), "SecureString", FIRST);
        world.deploy("api", GOOD, "envFrom: [{ssmPath: {path: %s}}]".formatted(name("")));
        world.untilReady("api");
        assertThat(deployed()).contains(FIRST);

        parameters().put(name("DATABASE_URL"), "SecureString", SECOND);
        await().atMost(Duration.ofSeconds(90))
                .untilAsserted(() -> assertThat(deployed()).contains(SECOND));
        ServiceDeployment rotated = world.untilReady("api");

        assertThat(world.aws().audit().mutations())
                .extracting(AuditEntry::operation)
                .containsExactly(
                        "CreateContainerService",
                        "CreateContainerServiceDeployment",
                        "CreateContainerServiceDeployment");
        List<String> stored = List.of(
                rotated.toString(),
                String.valueOf(rotated.getStatus()),
                String.valueOf(world.client()
                        .apps()
                        .controllerRevisions()
                        .inNamespace(world.namespace())
                        .list()),
                String.valueOf(world.events("api")));
        assertThat(stored).allSatisfy(text -> assertThat(text).isNotEmpty().doesNotContain("planted"));
    }

    @Test
    void aParameterOfAnotherNamespaceIsNeverReadAndNamed() {
        parameters().put("/billing/DATABASE_URL", "SecureString", FIRST);
        world.deploy(
                "api",
                GOOD,
                "env: [{name: DATABASE_URL, valueFrom: {ssmParameterRef: {name: /billing/DATABASE_URL}}}]");
        ServiceDeployment refused = world.until("api", "Stalled", ConditionStatus.True, "AccessNotAllowed");

        assertThat(World.condition(refused, "EnvironmentValid").orElseThrow().message())
                .contains("access.parameterPaths", "/billing/DATABASE_URL");
        await().untilAsserted(
                        () -> assertThat(world.events("api")).anyMatch(event -> event.startsWith("AccessNotAllowed")));
        assertThat(world.aws().audit().where(entry -> entry.service().equals("ssm")))
                .isEmpty();
        assertThat(world.aws().audit().mutations()).isEmpty();

        parameters().put(name("DATABASE_URL"), "SecureString", SECOND);
        world.deploy(
                "api",
                GOOD,
                "env: [{name: DATABASE_URL, valueFrom: {ssmParameterRef: {name: %s, version: 1}}}]"
                        .formatted(name("DATABASE_URL")));
        world.untilReady("api");
        assertThat(deployed()).contains(SECOND);
    }
}
