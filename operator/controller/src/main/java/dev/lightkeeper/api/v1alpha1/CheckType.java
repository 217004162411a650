package dev.lightkeeper.api.v1alpha1;

/** Families of checks; together with the name it identifies a check. */
public enum CheckType {
    Readiness,
    Endpoint,
    Cors,
    RandomPath,
    LogMilestone,
    ForbiddenLogPattern,
    Environment,
    Image
}
