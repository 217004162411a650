package dev.lightkeeper.act;

import dev.lightkeeper.act.CloudWriter.Answer;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.plan.Action;
import dev.lightkeeper.plan.Timings;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one and the same call from being made again too soon: after a refusal or a lost answer for a growing, jittered
 * while, and after success as long as reads may still show the old state. In memory only; losing it repeats a call that
 * may be repeated.
 */
final class Repeats {
    private static final int MOST_DOUBLINGS = 10;

    private final Timings timings;
    private final RandomGenerator random;
    private final Map<String, Last> byResource = new ConcurrentHashMap<>();

    Repeats(Timings timings, RandomGenerator random) {
        this.timings = timings;
        this.random = random;
    }

    /**
     * The last call for a resource.
     *
     * @param call in words, so that another reason for the same call is no other call
     * @param failure null when AWS accepted it
     */
    record Last(String call, @Nullable Failure failure, int failures, Instant notBefore) {}

    /** The last call, if it was this one and must not be made again yet. */
    @Nullable
    Last holds(String uid, Action action, Instant now) {
        Last last = byResource.get(uid);
        return last != null && last.call().equals(action.describe()) && now.isBefore(last.notBefore()) ? last : null;
    }

    void called(String uid, Action action, Answer answer, Instant at) {
        byResource.compute(uid, (key, before) -> last(before, action.describe(), answer, at));
    }

    void forget(String uid) {
        byResource.remove(uid);
    }

    private Last last(@Nullable Last before, String call, Answer answer, Instant at) {
        if (!(answer instanceof Answer.Refused(Failure failure))) {
            return new Last(call, null, 0, at.plus(timings.effectVisible()));
        }
        int failures = before != null && before.call().equals(call) ? before.failures() + 1 : 1;
        Duration delay = grown(failures);
        boolean effectUnknown = failure instanceof Failure.Transient unanswered && unanswered.effectUnknown();
        if (effectUnknown && delay.compareTo(timings.effectVisible()) < 0) {
            delay = timings.effectVisible();
        }
        return new Last(call, failure, failures, at.plus(jittered(delay)));
    }

    private Duration grown(int failures) {
        Duration grown = timings.mutationRetry().multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
        return grown.compareTo(timings.slowLook()) < 0 ? grown : timings.slowLook();
    }

    private Duration jittered(Duration delay) {
        return delay.plusNanos(Math.round(delay.toNanos() * random.nextDouble() / 4));
    }
}
