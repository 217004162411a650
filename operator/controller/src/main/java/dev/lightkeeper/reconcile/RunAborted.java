package dev.lightkeeper.reconcile;

import dev.lightkeeper.failure.Failure;

/**
 * A run could not be ended because the Kubernetes API failed it. Thrown to the framework only, which retries with
 * back-off.
 */
final class RunAborted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RunAborted(Failure failure) {
        super(failure.message(), null, false, false);
    }
}
