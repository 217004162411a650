package dev.lightkeeper.simulators.aws.application;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * One container as a deployment asks for it.
 *
 * @param name unique within the deployment
 * @param image the image reference, as sent
 * @param command what to start instead of the image's own command
 * @param environment variables with their values in clear; never printed
 * @param ports container port to HTTP, HTTPS, TCP or UDP
 */
public record ContainerSpec(
        String name, String image, List<String> command, Map<String, String> environment, Map<Integer, String> ports) {
    public ContainerSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        ports = Map.copyOf(ports);
    }

    /** Names of variables only: values may be secret. */
    @Override
    public String toString() {
        return "ContainerSpec[name=" + name + ", image=" + image + ", environment="
                + new TreeSet<>(environment.keySet()) + ", ports=" + ports + "]";
    }
}
