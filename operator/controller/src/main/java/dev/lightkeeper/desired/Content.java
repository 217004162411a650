package dev.lightkeeper.desired;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one Lightsail deployment runs, with every default filled in as AWS returns it, so that wanted and live content
 * compare equal when they are.
 *
 * @param containers by container name
 * @param endpoint null when nothing is public
 */
public record Content(
        SortedMap<String, ContainerContent> containers,
        @Nullable EndpointContent endpoint) {
    public Content {
        containers = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(containers));
    }

    /**
     * One container.
     *
     * @param environment values in clear, unprintable
     * @param ports container port to HTTP, HTTPS, TCP or UDP
     */
    public record ContainerContent(
            String image,
            List<String> command,
            SortedMap<String, SecretText> environment,
            SortedMap<Integer, String> ports) {
        public ContainerContent {
            command = List.copyOf(command);
            environment = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(environment));
            ports = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(ports));
        }
    }

    /** The public endpoint with its health check; all intervals in seconds. */
    public record EndpointContent(
            String containerName,
            int containerPort,
            String path,
            String successCodes,
            int intervalSeconds,
            int timeoutSeconds,
            int healthyThreshold,
            int unhealthyThreshold) {}

    /** The same content with each value replaced by its keyed digest: safe to store and to show. */
    public DigestedContent digested(Digester digester) {
        SortedMap<String, DigestedContent.DigestedContainer> digested = new TreeMap<>();
        containers.forEach((name, container) -> {
            SortedMap<String, String> environment = new TreeMap<>();
            container
                    .environment()
                    .forEach((variable, value) ->
                            environment.put(variable, digester.digest(name + "/" + variable, value.reveal())));
            digested.put(
                    name,
                    new DigestedContent.DigestedContainer(
                            container.image(), container.command(), environment, container.ports()));
        });
        return new DigestedContent(digested, endpoint);
    }

    /** The image of each container, by container name. */
    public Map<String, String> images() {
        SortedMap<String, String> images = new TreeMap<>();
        containers.forEach((name, container) -> images.put(name, container.image()));
        return images;
    }
}
