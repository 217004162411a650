package dev.lightkeeper.aws;

import dev.lightkeeper.failure.Failure;
import java.util.function.Function;

/** What one AWS call came to: a remote fault is a value. */
public sealed interface AwsAnswer<T> {
    /** AWS answered. */
    record Answered<T>(T value) implements AwsAnswer<T> {}

    /** It refused, or nobody knows. */
    record Failed<T>(Failure failure) implements AwsAnswer<T> {}

    /** The same answer with its value replaced. */
    default <R> AwsAnswer<R> map(Function<T, R> mapping) {
        return switch (this) {
            case Answered<T>(T value) -> new Answered<>(mapping.apply(value));
            case Failed<T>(Failure failure) -> new Failed<>(failure);
        };
    }
}
