package dev.lightkeeper.lightsail;

import dev.lightkeeper.desired.Content;
import dev.lightkeeper.desired.Content.ContainerContent;
import dev.lightkeeper.desired.Content.EndpointContent;
import dev.lightkeeper.desired.SecretText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.lightsail.model.Container;
import software.amazon.awssdk.services.lightsail.model.ContainerServiceDeployment;
import software.amazon.awssdk.services.lightsail.model.ContainerServiceEndpoint;
import software.amazon.awssdk.services.lightsail.model.ContainerServiceHealthCheckConfig;
import software.amazon.awssdk.services.lightsail.model.EndpointRequest;

/**
 * {@link Content} in the words of the SDK and back. What Lightsail leaves out comes back as its default, so that what was
 * sent and what is read are equal. The SDK's objects print environments in clear: they stay in this package and are never
 * logged.
 */
final class LightsailContent {
    private static final String DEFAULT_PATH = "/";
    private static final String DEFAULT_SUCCESS_CODES = "200-499";
    private static final int DEFAULT_INTERVAL_SECONDS = 5;
    private static final int DEFAULT_TIMEOUT_SECONDS = 2;
    private static final int DEFAULT_THRESHOLD = 2;

    private LightsailContent() {}

    static Map<String, Container> containers(Content content) {
        Map<String, Container> containers = new HashMap<>();
        content.containers().forEach((name, container) -> containers.put(name, container(container)));
        return containers;
    }

    static @Nullable EndpointRequest endpoint(Content content) {
        EndpointContent endpoint = content.endpoint();
        return endpoint == null
                ? null
                : EndpointRequest.builder()
                        .containerName(endpoint.containerName())
                        .containerPort(endpoint.containerPort())
                        .healthCheck(ContainerServiceHealthCheckConfig.builder()
                                .path(endpoint.path())
                                .successCodes(endpoint.successCodes())
                                .intervalSeconds(endpoint.intervalSeconds())
                                .timeoutSeconds(endpoint.timeoutSeconds())
                                .healthyThreshold(endpoint.healthyThreshold())
                                .unhealthyThreshold(endpoint.unhealthyThreshold())
                                .build())
                        .build();
    }

    /** All values that go over the wire with it, to be kept out of messages. */
    static List<SecretText> values(Content content) {
        List<SecretText> values = new ArrayList<>();
        content.containers()
                .values()
                .forEach(container -> values.addAll(container.environment().values()));
        return values;
    }

    /** Holds values in clear: to be digested at once. */
    static Content content(ContainerServiceDeployment deployment) {
        SortedMap<String, ContainerContent> containers = new TreeMap<>();
        deployment.containers().forEach((name, container) -> containers.put(name, content(container)));
        return new Content(containers, endpoint(deployment.publicEndpoint()));
    }

    private static Container container(ContainerContent content) {
        Map<String, String> environment = new HashMap<>();
        content.environment().forEach((name, value) -> environment.put(name, value.reveal()));
        Map<String, String> ports = new HashMap<>();
        content.ports().forEach((port, protocol) -> ports.put(Integer.toString(port), protocol));
        return Container.builder()
                .image(content.image())
                .command(content.command())
                .environment(environment)
                .portsWithStrings(ports)
                .build();
    }

    private static ContainerContent content(Container container) {
        SortedMap<String, SecretText> environment = new TreeMap<>();
        container.environment().forEach((name, value) -> environment.put(name, SecretText.of(orEmpty(value))));
        SortedMap<Integer, String> ports = new TreeMap<>();
        container.portsAsStrings().forEach((port, protocol) -> ports.put(Integer.valueOf(port), orEmpty(protocol)));
        return new ContainerContent(orEmpty(container.image()), container.command(), environment, ports);
    }

    private static @Nullable EndpointContent endpoint(@Nullable ContainerServiceEndpoint endpoint) {
        if (endpoint == null) {
            return null;
        }
        ContainerServiceHealthCheckConfig given = endpoint.healthCheck();
        ContainerServiceHealthCheckConfig check =
                given == null ? ContainerServiceHealthCheckConfig.builder().build() : given;
        return new EndpointContent(
                orEmpty(endpoint.containerName()),
                or(endpoint.containerPort(), 0),
                or(check.path(), DEFAULT_PATH),
                or(check.successCodes(), DEFAULT_SUCCESS_CODES),
                or(check.intervalSeconds(), DEFAULT_INTERVAL_SECONDS),
                or(check.timeoutSeconds(), DEFAULT_TIMEOUT_SECONDS),
                or(check.healthyThreshold(), DEFAULT_THRESHOLD),
                or(check.unhealthyThreshold(), DEFAULT_THRESHOLD));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static <T> T or(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }
}
