package dev.lightkeeper.simulators.aws.lightsail;

import java.util.List;
import java.util.Map;

/**
 * One container of a deployment. The text form shows no environment values.
 *
 * @param image reference in one of Lightsail's forms
 * @param command empty for the image's own
 * @param environment values in clear, as AWS keeps them
 * @param ports from port number to HTTP, HTTPS, TCP or UDP
 */
public record ContainerContent(
        String image, List<String> command, Map<String, String> environment, Map<String, String> ports) {
    /** Copies. */
    public ContainerContent {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        ports = Map.copyOf(ports);
    }

    /**
     * {@return the same container with another image}
     *
     * @param other image reference
     */
    public ContainerContent withImage(String other) {
        return new ContainerContent(other, command, environment, ports);
    }

    @Override
    public String toString() {
        return "ContainerContent[image=" + image + ", environment=" + environment.keySet() + ", ports=" + ports + "]";
    }
}
