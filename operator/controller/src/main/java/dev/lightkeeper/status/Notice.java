package dev.lightkeeper.status;

import dev.lightkeeper.api.v1alpha1.Reason;

/**
 * A Kubernetes Event to be recorded on the resource.
 *
 * @param warning type Warning rather than Normal
 * @param message one line, at most 1024 characters, without values
 */
public record Notice(boolean warning, Reason reason, String message) {}
