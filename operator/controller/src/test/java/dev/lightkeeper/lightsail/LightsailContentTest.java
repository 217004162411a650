package dev.lightkeeper.lightsail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.desired.Content;
import dev.lightkeeper.desired.Content.ContainerContent;
import dev.lightkeeper.desired.Content.EndpointContent;
import dev.lightkeeper.desired.SecretText;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.lightsail.model.Container;
import software.amazon.awssdk.services.lightsail.model.ContainerServiceDeployment;
import software.amazon.awssdk.services.lightsail.model.ContainerServiceEndpoint;
import software.amazon.awssdk.services.lightsail.model.EndpointRequest;

class LightsailContentTest {
    @Test
    void whatIsSentComesBackEqual() {
        Content sent = new Content(
                new TreeMap<>(Map.of(
                        "api",
                        new ContainerContent(
                                ":api.release.7",
                                List.of("node", "main.js"),
                                new TreeMap<>(Map.of("A", SecretText.of("1"), "EMPTY", SecretText.of(""))),
                                new TreeMap<>(Map.of(3697, "HTTP", 53, "UDP"))),
                        "sidecar",
                        new ContainerContent("nginx:1", List.of(), new TreeMap<>(), new TreeMap<>()))),
                new EndpointContent("api", 3697, "/health/live", "200", 10, 5, 3, 4));

        assertThat(LightsailContent.content(asDeployment(sent))).isEqualTo(sent);
    }

    @Test
    void aWorkerHasNoEndpointInBothDirections() {
        Content sent = new Content(
                new TreeMap<>(Map.of(
                        "worker", new ContainerContent("busybox:1", List.of(), new TreeMap<>(), new TreeMap<>()))),
                null);

        assertThat(LightsailContent.endpoint(sent)).isNull();
        assertThat(LightsailContent.content(asDeployment(sent))).isEqualTo(sent);
    }

    @Test
    void whatLightsailLeavesOutIsItsDefault() {
        Content content = LightsailContent.content(ContainerServiceDeployment.builder()
                .containers(Map.of("api", Container.builder().image("nginx:1").build()))
                .publicEndpoint(ContainerServiceEndpoint.builder()
                        .containerName("api")
                        .containerPort(80)
                        .build())
                .build());

        assertThat(content.containers().get("api"))
                .isEqualTo(new ContainerContent("nginx:1", List.of(), new TreeMap<>(), new TreeMap<>()));
        assertThat(content.endpoint()).isEqualTo(new EndpointContent("api", 80, "/", "200-499", 5, 2, 2, 2));
    }

    @Test
    void everyValueThatIsSentIsKnownToTheCleaningOfMessages() {
        Content sent = new Content(
                new TreeMap<>(Map.of(
                        "a",
                        new ContainerContent(
                                "x", List.of(), new TreeMap<>(Map.of("K", SecretText.of("one"))), new TreeMap<>()),
                        "b",
                        new ContainerContent(
                                "x", List.of(), new TreeMap<>(Map.of("K", SecretText.of("two"))), new TreeMap<>()))),
                null);

        assertThat(LightsailContent.values(sent)).containsExactly(SecretText.of("one"), SecretText.of("two"));
    }

    private static ContainerServiceDeployment asDeployment(Content content) {
        EndpointRequest endpoint = LightsailContent.endpoint(content);
        return ContainerServiceDeployment.builder()
                .containers(LightsailContent.containers(content))
                .publicEndpoint(
                        endpoint == null
                                ? null
                                : ContainerServiceEndpoint.builder()
                                        .containerName(endpoint.containerName())
                                        .containerPort(endpoint.containerPort())
                                        .healthCheck(endpoint.healthCheck())
                                        .build())
                .build();
    }
}
