package dev.lightkeeper.flow;

import dev.lightkeeper.desired.Content;
import dev.lightkeeper.desired.Content.ContainerContent;
import dev.lightkeeper.desired.SecretText;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What people deploy by hand. */
final class Contents {
    private Contents() {}

    /** Somebody deploys the same with another image, and AWS makes it serve at once. */
    static void deployByHand(Flow flow, String image) {
        deployByHand(flow, image, null);
    }

    /** Somebody makes a service like the manifest's by hand and deploys an image with these variables. */
    static FakeService madeByHand(Flow flow, String image, Map<String, String> environment, Map<String, String> tags) {
        FakeService made = flow.cloud.make("nano", 2, tags);
        flow.clock.advance(Duration.ofMinutes(5));
        flow.cloud.service();
        made.serveNow(
                new Content(
                        new TreeMap<>(Map.of(
                                "api",
                                new ContainerContent(
                                        image,
                                        List.of(),
                                        variables(environment),
                                        new TreeMap<>(Map.of(3697, "HTTP"))))),
                        new Content.EndpointContent("api", 3697, "/health/live", "200", 10, 5, 2, 2)),
                flow.clock.instant());
        return made;
    }

    private static SortedMap<String, SecretText> variables(Map<String, String> environment) {
        SortedMap<String, SecretText> variables = new TreeMap<>();
        environment.forEach((name, value) -> variables.put(name, SecretText.of(value)));
        return variables;
    }

    /** Somebody deploys with another image and environment (null leaves it). */
    static void deployByHand(Flow flow, String image, Map<String, String> environment) {
        flow.cloud.service().serveNow(content(flow, image, environment), flow.clock.instant());
    }

    /** What serves, with another image. */
    static Content withImage(Flow flow, String image) {
        return content(flow, image, null);
    }

    /** Somebody deploys the same with another health check. */
    static void checkHealthByHandAt(Flow flow, String path) {
        Content live = flow.cloud.service().content();
        flow.cloud
                .service()
                .serveNow(
                        new Content(
                                live.containers(), new Content.EndpointContent("api", 3697, path, "200", 10, 5, 2, 2)),
                        flow.clock.instant());
    }

    /** The same containers with another image. */
    static Content other(Content content, String image) {
        SortedMap<String, ContainerContent> containers = new TreeMap<>();
        content.containers()
                .forEach((name, its) -> containers.put(
                        name, new ContainerContent(image, its.command(), its.environment(), its.ports())));
        return new Content(containers, content.endpoint());
    }

    /** What serves, with another image and environment (null leaves it). */
    static Content content(Flow flow, String image, Map<String, String> environment) {
        Content live = flow.cloud.service().content();
        SortedMap<String, ContainerContent> containers = new TreeMap<>();
        live.containers()
                .forEach((name, its) -> containers.put(
                        name,
                        new ContainerContent(
                                image,
                                its.command(),
                                environment == null ? its.environment() : variables(environment),
                                its.ports())));
        return new Content(containers, live.endpoint());
    }
}
