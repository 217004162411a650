package dev.lightkeeper.api.v1alpha1;

/** Whether a random path must be absent. Not Off: YAML 1.1, which kubectl reads, takes that for a boolean. */
public enum RandomPathControl {
    Disabled,
    Enforce
}
