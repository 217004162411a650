package dev.lightkeeper.aws;

import dev.lightkeeper.failure.Failure;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The pause that all callers of one kind of call share once AWS throttles it, or does not answer it: twice as long after
 * each failure in a row. When it is over, one caller tries first, and the others wait for what comes of it. Calls that were
 * under way when it began say nothing more: many that fail together are one failure.
 *
 * <p>Safe for use by many threads.
 */
public final class CallPause {
    /** So that it is over within minutes after AWS answers again. */
    private static final int MOST_DOUBLINGS = 5;

    private final Duration first;
    private int failures;
    private int begun;
    private Instant over = Instant.MIN;
    private @Nullable Failure why;

    /** {@code first} is how long it is after a single failure. */
    public CallPause(Duration first) {
        this.first = first;
    }

    /** How many pauses have begun: to be asked before a call is, and told with its outcome. */
    public synchronized int begun() {
        return begun;
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

    /**
     * The call was made, and AWS answered.
     *
     * @param before {@link #begun} before the call
     */
    public synchronized void worked(int before) {
        if (before == begun) {
            failures = 0;
            over = Instant.MIN;
            why = null;
        }
    }

    /**
     * The call failed. Only what would meet any other caller too lengthens the pause, and what the operator held back itself
     * says nothing; all else counts as an answer.
     *
     * @param before {@link #begun} before the call
     */
    public synchronized void failed(int before, Failure failure, Instant now) {
        if (before != begun || AwsFailures.isOurs(failure)) {
            return;
        }
        if (failure instanceof Failure.Throttled || failure instanceof Failure.Transient) {
            over = now.plus(first.multipliedBy(1L << Math.min(failures++, MOST_DOUBLINGS)));
            why = failure;
            begun++;
        } else {
            worked(before);
        }
    }
}
