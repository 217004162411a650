package dev.lightkeeper.simulators.aws.lightsail;

/** States of a container service. */
public enum ServiceState {
    /** Being created. */
    PENDING,
    /** Without an active deployment. */
    READY,
    /** With an active deployment; says nothing about the success of the newest one. */
    RUNNING,
    /** Being changed. */
    UPDATING,
    /** On its way out. */
    DELETING,
    /** Switched off. */
    DISABLED,
    /** A deployment is in progress. */
    DEPLOYING;

    boolean isTransitional() {
        return this == PENDING || this == UPDATING || this == DELETING || this == DEPLOYING;
    }
}
