package dev.lightkeeper.simulators.aws.application;

import java.time.Duration;

/**
 * How long AWS takes for what it does with nodes, in simulated time.
 *
 * @param nodeStart from the deployment's creation to the first node's start
 * @param nodeReplacement from a node's end to the start of the next
 * @param deploymentTimeout from the deployment's creation until AWS gives up
 */
public record RuntimeTimings(Duration nodeStart, Duration nodeReplacement, Duration deploymentTimeout) {
    /** AWS publishes none of these: chosen so that a failing deployment takes longer than a good one, as users report. */
    public static RuntimeTimings defaults() {
        return new RuntimeTimings(Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofMinutes(15));
    }
}
