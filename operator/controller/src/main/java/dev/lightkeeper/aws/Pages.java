package dev.lightkeeper.ec2;

import dev.lightkeeper.aws.AwsAnswer;
import dev.lightkeeper.failure.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads what AWS lists page by page.
 *
 * @param most so many are read at most: a list that goes on without end must not hold a run for ever
 */
record Pages(int most) {
    /**
     * The pages in their order. One that cannot be read makes all of them a failure.
     *
     * @param page by the token of the page before; null for the first
     * @param next the token of the page after, null or empty where there is none
     * @param last whether no further page is needed
     */
    <R> AwsAnswer<List<R>> read(
            Function<@Nullable String, AwsAnswer<R>> page, Function<R, @Nullable String> next, Predicate<R> last) {
        List<R> read = new ArrayList<>();
        @Nullable String token = null;
        do {
            switch (page.apply(token)) {
                case AwsAnswer.Failed<R>(Failure failure) -> {
                    return new AwsAnswer.Failed<>(failure);
                }
                case AwsAnswer.Answered<R>(R response) -> {
                    read.add(response);
                    token = last.test(response) ? null : next.apply(response);
                }
            }
        } while (token != null && !token.isEmpty() && read.size() < most);
        return new AwsAnswer.Answered<>(read);
    }

    /** The same without an early end. */
    <R> AwsAnswer<List<R>> read(Function<@Nullable String, AwsAnswer<R>> page, Function<R, @Nullable String> next) {
        return read(page, next, response -> false);
    }
}
