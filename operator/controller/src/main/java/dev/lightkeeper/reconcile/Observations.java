package dev.lightkeeper.reconcile;

import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;

/** Hears of runs, for metrics. */
public interface Observations {
    /** How a run ended. */
    enum Outcome {
        written,
        unchanged,
        conflict,
        failed
    }

    /** A run of {@code kind} took so long and ended so. */
    void ran(String kind, Outcome outcome, Duration duration);

    /** The checks of a resource are as in this status. */
    void told(ResourceID resource, ServiceDeploymentStatus status);

    /** The resource is gone. */
    void gone(ResourceID resource);
}
