package dev.lightkeeper.api.v1alpha1;

/** The four reasons for a deployment without a human. */
public enum AutomaticActKind {
    Rollback,
    Repair,
    Retry,
    Rotation
}
