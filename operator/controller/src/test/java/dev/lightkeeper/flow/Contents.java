package dev.lightkeeper.flow;

import dev.lightkeeper.desired.Content;
import dev.lightkeeper.desired.Content.ContainerContent;
import dev.lightkeeper.desired.SecretText;
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

    /** Somebody deploys with another image and environment (null leaves it). */
    static void deployByHand(Flow flow, String image, Map<String, String> environment) {
        Content live = flow.cloud.service().content();
        SortedMap<String, ContainerContent> containers = new TreeMap<>();
        live.containers().forEach((name, its) -> {
            SortedMap<String, SecretText> variables = new TreeMap<>();
            if (environment == null) {
                variables.putAll(its.environment());
            } else {
                environment.forEach((variable, value) -> variables.put(variable, SecretText.of(value)));
            }
            containers.put(name, new ContainerContent(image, its.command(), variables, its.ports()));
        });
        flow.cloud.service().serveNow(new Content(containers, live.endpoint()), flow.clock.instant());
    }
}
