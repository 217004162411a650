package dev.lightkeeper.verify;

/** Reads one value out of a JSON text. */
@FunctionalInterface
public interface JsonReader {
    /**
     * Never throws for what {@code body} holds.
     *
     * @param pointer RFC 6901, empty for the whole text
     */
    Reading read(String body, String pointer);

    /** What is there. */
    sealed interface Reading {
        /**
         * A string, number, boolean or null.
         *
         * @param text as it stands in the JSON text, a string without its quotes and escapes
         */
        record Found(String text) implements Reading {}

        /** The pointer leads nowhere. */
        record Missing() implements Reading {}

        /** An object or an array. */
        record NotScalar() implements Reading {}

        /** The text is no JSON, or not JSON only. */
        record NotJson() implements Reading {}
    }
}
