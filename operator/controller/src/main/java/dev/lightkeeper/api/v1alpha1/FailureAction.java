package dev.lightkeeper.api.v1alpha1;

/** What happens to a revision that failed. */
public enum FailureAction {
    Rollback,
    Hold
}
