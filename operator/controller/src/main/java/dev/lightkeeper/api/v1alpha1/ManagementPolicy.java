package dev.lightkeeper.api.v1alpha1;

/** Whether the operator acts at all. */
public enum ManagementPolicy {
    Enforce,
    Observe
}
