package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.Reason;

/**
 * One way in which live AWS state is not the expected one.
 *
 * @param reason ImageMismatch, EnvironmentMismatch, … as Synced tells it
 * @param message names what differs, never a value of a variable
 */
public record Difference(Reason reason, String message) {}
