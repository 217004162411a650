package dev.lightkeeper.act;

import dev.lightkeeper.act.CloudWriter.Answer;
import dev.lightkeeper.api.v1alpha1.Annotations;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.plan.Action;
import dev.lightkeeper.plan.Finding;
import dev.lightkeeper.plan.Plan;
import dev.lightkeeper.plan.Timings;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one and the same call from being made again too soon: after a refusal or a lost answer for a growing, jittered
 * while, after a refusal that only people can end for a slow look, and after success as long as reads may still show the
 * old state. Each kind of action has a memory of its own, so that a call that is refused for ever holds back no other. In
 * memory only; losing it repeats a call that may be repeated.
 */
final class Repeats {
    private static final int MOST_DOUBLINGS = 10;

    private final Timings timings;
    private final RandomGenerator random;
    private final Map<String, Map<Class<? extends Action>, Last>> byResource = new ConcurrentHashMap<>();

    Repeats(Timings timings, RandomGenerator random) {
        this.timings = timings;
        this.random = random;
    }

    /**
     * The last call of a kind for a resource.
     *
     * @param call in words, so that another reason for the same call is no other call
     * @param occasion the generation and the request for a retry that it was made under
     * @param failed null when AWS accepted it
     * @param settled from then on reads show what it did
     */
    record Last(
            String call,
            Occasion occasion,
            Results.@Nullable Failed failed,
            int failures,
            Instant settled,
            Instant notBefore) {
        /** Whether only a person, or a new spec, makes AWS take it. */
        boolean isRefusedLastingly() {
            return failed != null && Refusals.finding(failed).effect() == Finding.Effect.STALLED;
        }

        private boolean isOver(Action action, Occasion now, Instant at) {
            return !call.equals(action.describe())
                    || !at.isBefore(notBefore)
                    || (isRefusedLastingly() && !occasion.equals(now));
        }
    }

    /** What a person has asked for. */
    private record Occasion(long generation, @Nullable String retry) {
        static Occasion of(DesiredState desired, Plan plan) {
            return new Occasion(
                    desired.resource().generation(), plan.memory().handled().get(Annotations.RETRY_REQUESTED_AT));
        }
    }

    /** The last call of that kind, if it was this one and must not be made again yet. */
    @Nullable
    Last holds(DesiredState desired, Plan plan, Action action, Instant now) {
        Last last = of(desired).get(action.getClass());
        return last == null || last.isOver(action, Occasion.of(desired, plan), now) ? null : last;
    }

    void called(DesiredState desired, Plan plan, Action action, Answer answer, Instant at) {
        of(desired)
                .compute(
                        action.getClass(),
                        (kind, before) -> last(before, Occasion.of(desired, plan), action, answer, at));
    }

    void forget(String uid) {
        byResource.remove(uid);
    }

    private Map<Class<? extends Action>, Last> of(DesiredState desired) {
        return byResource.computeIfAbsent(desired.resource().uid(), uid -> new ConcurrentHashMap<>());
    }

    private Last last(@Nullable Last before, Occasion occasion, Action action, Answer answer, Instant at) {
        String call = action.describe();
        Instant visible = at.plus(timings.effectVisible());
        if (!(answer instanceof Answer.Refused(Failure failure))) {
            return new Last(call, occasion, null, 0, visible, visible);
        }
        Results.Failed failed = new Results.Failed(action, failure);
        int failures = before != null && before.call().equals(call) ? before.failures() + 1 : 1;
        Duration delay = Refusals.finding(failed).healsSlowly() ? timings.slowLook() : grown(failures);
        boolean effectUnknown = failure instanceof Failure.Transient unanswered && unanswered.effectUnknown();
        if (effectUnknown && delay.compareTo(timings.effectVisible()) < 0) {
            delay = timings.effectVisible();
        }
        return new Last(call, occasion, failed, failures, effectUnknown ? visible : at, at.plus(jittered(delay)));
    }

    private Duration grown(int failures) {
        Duration grown = timings.mutationRetry().multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
        return grown.compareTo(timings.slowLook()) < 0 ? grown : timings.slowLook();
    }

    private Duration jittered(Duration delay) {
        return delay.plusNanos(Math.round(delay.toNanos() * random.nextDouble() / 4));
    }
}
