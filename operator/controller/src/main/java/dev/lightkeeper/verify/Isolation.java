package dev.lightkeeper.verify;

/** Whether the prober can tell the service's fault from one of its own network. */
public enum Isolation {
    /** It can. */
    NONE,
    /** Nothing could be reached lately. */
    RECENT,
    /** Nothing could be reached for so long that what was known of the service no longer counts. */
    LASTING
}
