package dev.lightkeeper.api.v1alpha1;

/** How a declared revision ended. */
public enum RevisionResult {
    Verified,
    Failed,
    RolledBack,
    Superseded
}
