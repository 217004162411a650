package dev.lightkeeper.observe;

/** Looks at one target. Remote faults come back as values. */
public interface Observer {
    /** Never throws for a fault of AWS, of the network or of credentials. */
    LiveState look(Look look);
}
