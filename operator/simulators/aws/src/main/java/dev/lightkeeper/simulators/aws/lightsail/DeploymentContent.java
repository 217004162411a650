package dev.lightkeeper.simulators.aws.lightsail;

import dev.lightkeeper.simulators.aws.application.EndpointSpec;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a deployment asks for, with all defaults filled in.
 *
 * @param containers by name
 * @param endpoint what is public; null for nothing
 */
public record DeploymentContent(
        Map<String, ContainerContent> containers, @Nullable EndpointSpec endpoint) {
    /** Copies. */
    public DeploymentContent {
        containers = Map.copyOf(containers);
    }

    /**
     * {@return the same content with one container's image replaced}
     *
     * @param container name of a container
     * @param image its new image
     */
    public DeploymentContent withImage(String container, String image) {
        Map<String, ContainerContent> changed = new LinkedHashMap<>(containers);
        if (changed.computeIfPresent(container, (name, content) -> content.withImage(image)) == null) {
            throw new IllegalArgumentException("No container named " + container);
        }
        return new DeploymentContent(changed, endpoint);
    }
}
