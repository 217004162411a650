package dev.lightkeeper.verify;

/** What one answer says about a check. Messages are one sentence without anything that the answer's body holds. */
public sealed interface Judgement {
    /** All that is expected holds. */
    record Passed() implements Judgement {}

    /**
     * Something that is expected does not hold.
     *
     * @param reached whether the service was reached. If not (name, connection, TLS), the fault may be in our own
     *     network, and only another target's answer tells which
     */
    record Missed(String message, boolean reached) implements Judgement {}

    /**
     * Nobody can say: the answer says nothing about the service.
     *
     * @param isolated nothing else could be reached either
     */
    record Unclear(String message, boolean isolated) implements Judgement {
        /** For another cause than a network of our own that is dead. */
        public Unclear(String message) {
            this(message, false);
        }
    }
}
