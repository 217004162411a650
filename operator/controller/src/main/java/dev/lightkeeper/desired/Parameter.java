package dev.lightkeeper.desired;

import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.failure.Failure;

/** What came of reading a parameter, or all parameters directly below a path. */
public sealed interface Parameter<T> {
    /** It exists. */
    record Found<T>(T value) implements Parameter<T> {}

    /** AWS said that there is no such parameter, version or label, or nothing below the path. */
    record Missing<T>() implements Parameter<T> {}

    /**
     * It may not be read, or AWS will not have it read like this: known, and not cured by waiting.
     *
     * @param message names the parameter and what to do
     */
    record Refused<T>(Reason reason, String message) implements Parameter<T> {}

    /** Nobody knows: the read itself failed. Never treated as missing. */
    record Unreadable<T>(Failure failure) implements Parameter<T> {}
}
