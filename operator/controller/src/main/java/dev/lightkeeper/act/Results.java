package dev.lightkeeper.act;

import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.plan.Action;
import dev.lightkeeper.plan.Memory;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a plan's actions.
 *
 * @param outcomes one for each action of the plan, in its order
 * @param memory what to remember now: the plan's memory with the operation that was started
 * @param calledAt when AWS was asked to change something, null when it was not
 */
public record Results(
        List<Outcome> outcomes, Memory memory, @Nullable Instant calledAt) {
    public Results {
        outcomes = List.copyOf(outcomes);
    }

    /** What came of one action. */
    public sealed interface Outcome {
        /** The action this is about. */
        Action action();
    }

    /**
     * AWS accepted it.
     *
     * @param message for the event: what was done, with AWS's version where there is one
     */
    public record Done(Action action, String message) implements Outcome {}

    /**
     * AWS refused it, or nobody knows ({@link Failure.Transient#effectUnknown()}): in this run, or in an earlier one after
     * which it is too soon to ask again.
     */
    public record Failed(Action action, Failure failure) implements Outcome {}

    /** Not started in this run. */
    public record Skipped(Action action) implements Outcome {}

    /** What AWS accepted. */
    public List<Action> done() {
        return outcomes.stream()
                .filter(Done.class::isInstance)
                .map(Outcome::action)
                .toList();
    }

    /** Whether AWS was asked to change something. */
    public boolean acted() {
        return calledAt != null;
    }
}
