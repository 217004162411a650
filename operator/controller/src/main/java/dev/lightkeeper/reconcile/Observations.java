package dev.lightkeeper.reconcile;

import dev.lightkeeper.api.v1alpha1.AwsAccountStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.plan.Action;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Hears of runs and of what came of them, for metrics and for the watchdog. Asks nothing and decides nothing. */
public interface Observations {
    /** How a run ended. */
    enum Outcome {
        written,
        unchanged,
        conflict,
        failed
    }

    /** A run has begun. */
    void began(String kind, ResourceID resource);

    /**
     * It took so long and ended so.
     *
     * @param due when the next one is to begin
     */
    void ran(String kind, ResourceID resource, Outcome outcome, Duration took, Instant due);

    /**
     * AWS accepted a change of a ServiceDeployment.
     *
     * @param before the status that the run began with
     */
    void acted(ResourceID resource, @Nullable ServiceDeploymentStatus before, Action action);

    /**
     * A ServiceDeployment is told of.
     *
     * @param before the status that the run began with
     * @param due when the next run is to begin
     */
    void told(
            ServiceDeployment resource,
            @Nullable ServiceDeploymentStatus before,
            ServiceDeploymentStatus now,
            Instant due);

    /** An AwsAccount is told of. */
    void told(String account, AwsAccountStatus now);

    /** The object is gone; one without a namespace is an AwsAccount. */
    void gone(ResourceID resource);
}
