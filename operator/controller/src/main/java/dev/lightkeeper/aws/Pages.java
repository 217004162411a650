package dev.lightkeeper.aws;

import dev.lightkeeper.failure.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads what AWS lists page by page. A page may be empty and yet not be the last one; one that leads to itself is the last.
 *
 * @param most so many are read at most: a list that goes on without end must not hold a run for ever
 */
public record Pages(int most) {
    private static final Failure TOO_LONG =
            new Failure.Transient("TooManyPages", "AWS lists more pages than the operator reads", false);

    /**
     * What came of it.
     *
     * @param pages those that were read, in their order
     * @param complete no further page was needed
     * @param failure why the next one could not be read; null when it could, or was one too many
     */
    public record Read<R>(
            List<R> pages, boolean complete, @Nullable Failure failure) {
        /** The same for whom a part is of no use: then a list that is too long is a failure too. */
        public AwsAnswer<List<R>> orFailure() {
            return complete
                    ? new AwsAnswer.Answered<>(pages)
                    : new AwsAnswer.Failed<>(failure != null ? failure : TOO_LONG);
        }
    }

    /**
     * The pages up to the first that cannot be read.
     *
     * @param page by the token of the page before; null for the first
     * @param next the token of the page after, null or empty where there is none
     * @param last whether no further page is needed
     */
    public <R> Read<R> read(
            Function<@Nullable String, AwsAnswer<R>> page, Function<R, @Nullable String> next, Predicate<R> last) {
        List<R> read = new ArrayList<>();
        @Nullable String token = null;
        while (read.size() < most) {
            switch (page.apply(token)) {
                case AwsAnswer.Failed<R>(Failure failure) -> {
                    return new Read<>(read, false, failure);
                }
                case AwsAnswer.Answered<R>(R response) -> {
                    read.add(response);
                    @Nullable String following = last.test(response) ? null : next.apply(response);
                    if (following == null || following.isEmpty() || following.equals(token)) {
                        return new Read<>(read, true, null);
                    }
                    token = following;
                }
            }
        }
        return new Read<>(read, false, null);
    }

    /** The same without an early end. */
    public <R> Read<R> read(Function<@Nullable String, AwsAnswer<R>> page, Function<R, @Nullable String> next) {
        return read(page, next, response -> false);
    }
}
