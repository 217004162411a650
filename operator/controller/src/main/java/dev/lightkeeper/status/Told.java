package dev.lightkeeper.status;

import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import java.util.List;

/**
 * What readers are to see.
 *
 * @param status complete: what it lacks is removed from the stored one
 * @param notices events that this run adds; empty in steady state
 */
public record Told(ServiceDeploymentStatus status, List<Notice> notices) {
    public Told {
        notices = List.copyOf(notices);
    }
}
