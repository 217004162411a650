package dev.lightkeeper.verify;

import java.util.List;
import java.util.function.Function;

/** What one try of a check asks, and how it judges the answers. */
public interface Probe {
    /** The request that every try begins with. */
    Prober.Request first();

    /** All that it may ask, that one first: for whoever has to ask everything at once. */
    default List<Prober.Request> requests() {
        return List.of(first());
    }

    /**
     * Judges the answer to {@link #first()}. Never throws, whatever the answers.
     *
     * @param ask for what only further answers of the same target can tell
     */
    Judgement judge(Prober.Answer answer, Function<Prober.Request, Prober.Answer> ask);
}
