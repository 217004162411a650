package dev.lightkeeper.simulators.kubernetes.resource;

/** What sets one kind apart from another, as far as the server is concerned. */
public enum Trait {
    /** Compiled into kube-apiserver: no CRD, unconditional updates, strategic merge patches. */
    BUILT_IN,
    /** Lives in a namespace. */
    NAMESPACED,
    /** Has the status subresource. */
    STATUS,
    /** Counts changes of its spec in metadata.generation. */
    GENERATION,
    /** A delete answers with the object rather than with a Status. */
    RETURNS_DELETED
}
