package dev.lightkeeper.simulators.aws.application;

import java.time.Instant;

/**
 * One line of a container's log.
 *
 * @param timestamp simulated time
 * @param containerName the container in whose log it appears
 * @param message an application's or the system's line
 */
public record LogLine(Instant timestamp, String containerName, String message) {}
