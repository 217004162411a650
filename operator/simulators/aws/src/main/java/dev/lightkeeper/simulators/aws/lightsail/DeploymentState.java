package dev.lightkeeper.simulators.aws.lightsail;

/** States of a deployment. At most one of a service is ACTIVE, at most one ACTIVATING. */
public enum DeploymentState {
    /** In progress. */
    ACTIVATING,
    /** Serving. */
    ACTIVE,
    /** Served once. */
    INACTIVE,
    /** Never served. */
    FAILED
}
