package dev.lightkeeper.simulators.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.simulators.aws.audit.Effect;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.lightsail.LightsailClient;
import software.amazon.awssdk.services.lightsail.model.ContainerServiceState;

class LifecycleTest {
    private final AwsSimulator aws = AwsSimulator.builder()
            .manualClock(Instant.parse("2026-11-22T00:00:00Z"))
            .start();
    private final LightsailClient client = Sdk.lightsail(aws);

    @AfterEach
    void close() {
        client.close();
        aws.close();
    }

    private void pass(Duration time) {
        aws.clock().advance(time);
    }

    @Test
    void aGoodDeploymentBecomesActive() {
        Sdk.create(client, "web");
        pass(Duration.ofMinutes(3));
        int version = Sdk.deploy(client, "web", "acme/app:1");
        pass(Duration.ofMinutes(10));

        var service = client.getContainerServices(r -> r.serviceName("web"))
                .containerServices()
                .getFirst();
        assertThat(service.state()).isEqualTo(ContainerServiceState.RUNNING);
        assertThat(service.currentDeployment().version()).isEqualTo(version).isEqualTo(1);
        assertThat(aws.audit().mutations()).extracting("effect").containsExactly(Effect.CREATED, Effect.DEPLOYED);
    }
}
