package dev.lightkeeper.verify;

import dev.lightkeeper.api.v1alpha1.Expectation;
import org.jspecify.annotations.Nullable;

/**
 * One try of a check: what does not hold is asked once more at once, on a new connection, and the second answer
 * counts. A connection that was lost on the way is no evidence against a service.
 */
public final class Attempt {
    private final Prober prober;
    private final Expectations expectations;

    /** Tries that ask {@code prober} and are judged by {@code expectations}. */
    public Attempt(Prober prober, Expectations expectations) {
        this.prober = prober;
        this.expectations = expectations;
    }

    /** Asks once or twice; takes up to twice the request's time-out. */
    public Judgement make(Prober.Request request, @Nullable Expectation expect) {
        return switch (expectations.judge(expect, prober.ask(request))) {
            case Judgement.Missed _ -> expectations.judge(expect, prober.ask(request));
            case Judgement.Passed passed -> passed;
            case Judgement.Unclear unclear -> unclear;
        };
    }
}
