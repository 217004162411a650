package dev.lightkeeper.aws;

import dev.lightkeeper.failure.Failure;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The pause that all callers of one kind of call share once AWS throttles it, or does not answer it: twice as long after
 * each failure in a row. When it is over, one caller tries first, and the others wait for what comes of it.
 *
 * <p>Safe for use by many threads.
 */
public final class CallPause {
    /** So that it is over within minutes after AWS answers again. */
    private static final int MOST_DOUBLINGS = 5;

    private final Duration first;
    private int failures;
    private Instant over = Instant.MIN;
    private @Nullable Failure why;

    /** {@code first} is how long it is after a single failure. */
    public CallPause(Duration first) {
        this.first = first;
    }

    /** Null when the call may be made now, and then its outcome has to be told; otherwise why it may not. */
    public synchronized @Nullable Failure enter(Instant now) {
        if (now.isBefore(over)) {
            return why;
        }
        if (why != null) {
            over = now.plus(first);
        }
        return null;
    }

    /** Before this moment the call is not worth trying; long ago when there is no pause. */
    public synchronized Instant over() {
        return over;
    }

    /** The call was made, and AWS answered. */
    public synchronized void worked() {
        failures = 0;
        over = Instant.MIN;
        why = null;
    }

    /** The call was made. Only what would meet any other caller too lengthens the pause; all else counts as an answer. */
    public synchronized void failed(Failure failure, Instant now) {
        if (failure instanceof Failure.Throttled || failure instanceof Failure.Transient) {
            over = now.plus(first.multipliedBy(1L << Math.min(failures++, MOST_DOUBLINGS)));
            why = failure;
        } else {
            worked();
        }
    }
}
