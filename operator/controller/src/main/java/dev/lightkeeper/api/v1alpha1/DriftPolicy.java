package dev.lightkeeper.api.v1alpha1;

/** What to do when the live service differs from the spec. */
public enum DriftPolicy {
    Correct,
    Report
}
