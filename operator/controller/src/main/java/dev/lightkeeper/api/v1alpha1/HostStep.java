package dev.lightkeeper.api.v1alpha1;

/** How far one host has come in the roll that is told in {@code status.ec2.roll}. */
public enum HostStep {
    /** The release lies there; what runs is what ran before. */
    Prepared,
    /** It was started there; whether it works is not known yet. */
    Activated,
    /** It runs there and answers. */
    Verified,
    /** It could not be started there, or does not answer. */
    Failed,
    /** What ran before was started again; whether it works is not known yet. */
    TakenBack
}
