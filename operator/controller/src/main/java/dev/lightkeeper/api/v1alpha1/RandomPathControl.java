package dev.lightkeeper.api.v1alpha1;

/** Whether a random path must be absent. */
public enum RandomPathControl {
    Off,
    Enforce
}
