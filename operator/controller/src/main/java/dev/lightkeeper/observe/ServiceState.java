package dev.lightkeeper.observe;

/** Lightsail's states of a container service. {@code UNRECOGNIZED}: a word this version does not know; only wait. */
public enum ServiceState {
    PENDING,
    READY,
    RUNNING,
    UPDATING,
    DELETING,
    DISABLED,
    DEPLOYING,
    UNRECOGNIZED;

    /** Whether Lightsail accepts changes in this state (aws-semantics: only READY and RUNNING take deployments). */
    public boolean acceptsChanges() {
        return this == READY || this == RUNNING;
    }
}
