package dev.lightkeeper.desired;

import dev.lightkeeper.failure.Failure;

/** What came of reading one key of a ConfigMap or Secret. */
public sealed interface Reference<T> {
    /** The object and the key exist. */
    record Found<T>(T value) implements Reference<T> {}

    /**
     * The API server said that the object or the key is not there.
     *
     * @param what names it for a person, such as {@code key "dsn" of Secret "api"}
     */
    record Missing<T>(String what) implements Reference<T> {}

    /** Nobody knows: the read itself failed. Never treated as missing. */
    record Unreadable<T>(String what, Failure failure) implements Reference<T> {}
}
