package dev.lightkeeper.api.v1alpha1;

/** In this order, RollingBack apart. */
public enum RolloutPhase {
    Preflight,
    Capacity,
    Deploying,
    Activating,
    Verifying,
    Baking,
    RollingBack
}
