package dev.lightkeeper.api.v1alpha1;

/** Why a roll over hosts was begun. */
public enum RollKind {
    /** A release, a rollback or a restart. */
    Deploy,
    /** What runs differs from what was verified. */
    Repair,
    /** Hosts are missing, or there are more than declared. */
    Scale
}
