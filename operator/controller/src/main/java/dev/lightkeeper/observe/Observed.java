package dev.lightkeeper.observe;

import dev.lightkeeper.failure.Failure;

/** The answer of a look at the world. Unknown never leads to a mutation and never to "healthy". */
public sealed interface Observed<T> {
    /** It is there, as of this run. */
    record Present<T>(T value) implements Observed<T> {}

    /** AWS itself said, by the named call's NotFoundException, that it is not there. */
    record Absent<T>() implements Observed<T> {}

    /** Nobody knows. */
    record Unknown<T>(Failure failure) implements Observed<T> {}

    /** Shorthand for a look that was not needed in this run. */
    static <T> Observed<T> notLooked() {
        return new Unknown<>(new Failure.Transient("NotLooked", "not looked at in this run", false));
    }
}
