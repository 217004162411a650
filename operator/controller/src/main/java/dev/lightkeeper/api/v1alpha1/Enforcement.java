package dev.lightkeeper.api.v1alpha1;

/** Whether a check counts. */
public enum Enforcement {
    Required,
    Advisory
}
