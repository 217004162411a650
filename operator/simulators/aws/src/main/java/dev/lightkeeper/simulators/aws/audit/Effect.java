package dev.lightkeeper.simulators.aws.audit;

/** What a request changed in the simulated world. */
public enum Effect {
    /** Nothing: a read, a refusal, or a request that was lost before it arrived. */
    NONE,
    /** Something new exists that costs money or can be found by name. */
    CREATED,
    /** Something that existed is different now. */
    CHANGED,
    /** A deployment was accepted and has a version number. */
    DEPLOYED,
    /** Something is gone, or on its way. */
    DELETED
}
