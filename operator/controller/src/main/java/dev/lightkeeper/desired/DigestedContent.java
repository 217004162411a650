package dev.lightkeeper.desired;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@link Content} without a single value of an environment variable: what is compared, stored in revisions and counted
 * as "the same release".
 *
 * @param containers by container name
 * @param endpoint null when nothing is public
 */
public record DigestedContent(
        SortedMap<String, DigestedContainer> containers, Content.@Nullable EndpointContent endpoint) {
    public DigestedContent {
        containers = Collections.unmodifiableSortedMap(new TreeMap<>(containers));
    }

    /**
     * One container.
     *
     * @param environment variable name to keyed digest of its value
     */
    public record DigestedContainer(
            String image,
            List<String> command,
            SortedMap<String, String> environment,
            SortedMap<Integer, String> ports) {
        public DigestedContainer {
            command = List.copyOf(command);
            environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
            ports = Collections.unmodifiableSortedMap(new TreeMap<>(ports));
        }
    }

    /** The same content whatever the values of some variables are, which are given by container. */
    DigestedContent without(Map<String, Set<String>> values) {
        SortedMap<String, DigestedContainer> others = new TreeMap<>();
        containers.forEach((name, container) -> {
            SortedMap<String, String> environment = new TreeMap<>(container.environment());
            environment.replaceAll(
                    (variable, digest) -> values.getOrDefault(name, Set.of()).contains(variable) ? "" : digest);
            others.put(
                    name,
                    new DigestedContainer(container.image(), container.command(), environment, container.ports()));
        });
        return new DigestedContent(others, endpoint);
    }

    /** The digests of some variables, which are given by container, by {@code container/NAME}. */
    Map<String, String> only(Map<String, Set<String>> variables) {
        Map<String, String> digests = new TreeMap<>();
        containers.forEach((name, container) -> container.environment().forEach((variable, digest) -> {
            if (variables.getOrDefault(name, Set.of()).contains(variable)) {
                digests.put(name + "/" + variable, digest);
            }
        }));
        return digests;
    }

    /** The images of all containers, in the order of container names. */
    public List<String> images() {
        return containers.values().stream().map(DigestedContainer::image).toList();
    }

    /**
     * The identity of a revision: equal for equal content and power, whatever the sources the values came from. Stable
     * over operator versions as long as the digest key is.
     */
    public String fingerprint(String power) {
        StringBuilder text = new StringBuilder("v1\n").append(power).append('\n');
        containers.forEach((name, c) -> {
            text.append("container ").append(name).append(' ').append(c.image()).append('\n');
            c.command()
                    .forEach(part -> text.append("command ")
                            .append(part.length())
                            .append(':')
                            .append(part)
                            .append('\n'));
            c.ports()
                    .forEach((port, protocol) -> text.append("port ")
                            .append(port)
                            .append(' ')
                            .append(protocol)
                            .append('\n'));
            c.environment()
                    .forEach((variable, digest) -> text.append("env ")
                            .append(variable)
                            .append(' ')
                            .append(digest)
                            .append('\n'));
        });
        Content.EndpointContent e = endpoint;
        if (e != null) {
            text.append("endpoint ")
                    .append(e.containerName())
                    .append(' ')
                    .append(e.containerPort())
                    .append(' ')
                    .append(e.path().length())
                    .append(':')
                    .append(e.path())
                    .append(' ')
                    .append(e.successCodes())
                    .append(' ')
                    .append(e.intervalSeconds())
                    .append(' ')
                    .append(e.timeoutSeconds())
                    .append(' ')
                    .append(e.healthyThreshold())
                    .append(' ')
                    .append(e.unhealthyThreshold())
                    .append('\n');
        }
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e2) {
            throw new IllegalStateException("every Java runtime has SHA-256", e2);
        }
    }
}
