package dev.lightkeeper.api.v1alpha1;

/** Unknown is neither good nor bad: it was not observed. */
public enum CheckResult {
    Passing,
    Failing,
    Unknown
}
