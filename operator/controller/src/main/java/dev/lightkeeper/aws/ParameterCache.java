package dev.lightkeeper.aws;

import dev.lightkeeper.desired.Parameter;
import dev.lightkeeper.desired.ParameterKey;
import dev.lightkeeper.desired.Parameters;
import dev.lightkeeper.desired.SecretText;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.plan.Timings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What was read of Parameter Store, shared by all resources of an account and region. One of them asks at a time; those
 * that waited for it find their answers there. While AWS does not answer, what it said last is believed for as long as
 * anything is claimed without an observation.
 */
final class ParameterCache {
    private static final double SHARE_OF_AGE = 0.9;
    /** A version's value stays, but the parameter can be deleted and made again. */
    private static final int AGES_OF_A_FIXED_VERSION = 12;

    private final ParameterCalls calls;
    private final Clock clock;
    private final RandomGenerator random;
    private final Duration lifetime;
    private final Duration fixedLifetime;
    private final Duration badLifetime;
    private final Duration believed;
    private final Duration firstBackOff;
    private final Duration longestBackOff;
    private final Duration patience;
    private final ConcurrentMap<String, Place> places = new ConcurrentHashMap<>();

    ParameterCache(
            Accounts accounts,
            boolean versionsOnly,
            CallLimits limits,
            Timings timings,
            Clock clock,
            RandomGenerator random) {
        this.calls = new ParameterCalls(accounts, versionsOnly);
        this.clock = clock;
        this.random = random;
        this.lifetime = scaled(timings.parameterAge(), SHARE_OF_AGE);
        this.fixedLifetime = timings.parameterAge().multipliedBy(AGES_OF_A_FIXED_VERSION);
        this.badLifetime = timings.steadyLook().multipliedBy(2);
        this.believed = timings.observationStale();
        this.firstBackOff = timings.steadyLook().dividedBy(12);
        this.longestBackOff = timings.steadyLook();
        this.patience = limits.patience();
    }

    /**
     * One answer for each parameter and path.
     *
     * @param notBefore what was read earlier does not do
     */
    Parameters read(
            AccountSession session, String region, Set<ParameterKey> parameters, Set<String> paths, Instant notBefore) {
        Place place = places.compute(
                session.account() + "/" + region,
                (name, known) -> known != null && known.session == session ? known : new Place(session, region));
        return place.read(parameters, paths, notBefore);
    }

    void forget(String account) {
        var _ = places.values().removeIf(place -> place.session.account().equals(account));
    }

    /**
     * What is known of one parameter or path.
     *
     * @param answer null before AWS gave one
     * @param readAt before the request was sent
     * @param failure why the last call brought none; null when it did
     * @param tryAgain not asked again before
     */
    private record Entry<T>(
            @Nullable Parameter<T> answer,
            Instant readAt,
            Instant believedUntil,
            @Nullable Failure failure,
            int failures,
            Instant triedAt,
            Instant tryAgain) {
        boolean isDue(Instant now, Instant notBefore) {
            return triedAt.isBefore(notBefore) || !now.isBefore(tryAgain);
        }

        @Nullable
        Parameter<T> answer(Instant now, Instant notBefore) {
            return !readAt.isBefore(notBefore) && now.isBefore(believedUntil) ? answer : null;
        }
    }

    /** One account and region with one set of credentials. */
    private final class Place {
        final AccountSession session;
        private final String region;
        private final ReentrantLock lock = new ReentrantLock();
        private final Map<ParameterKey, Entry<SecretText>> values = new ConcurrentHashMap<>();
        private final Map<String, Entry<Map<String, SecretText>>> paths = new ConcurrentHashMap<>();
        /** AWS gave no answer to the last call. */
        private volatile boolean silent;
        /** Why there is no answer in the round that is under way: then the rest of it is not asked. Guarded by the lock. */
        private @Nullable Failure unanswered;

        Place(AccountSession session, String region) {
            this.session = session;
            this.region = region;
        }

        Parameters read(Set<ParameterKey> wanted, Set<String> wantedPaths, Instant notBefore) {
            if (!due(values, wanted, notBefore).isEmpty()
                    || !due(paths, wantedPaths, notBefore).isEmpty()) {
                refreshInTurn(wanted, wantedPaths, notBefore);
            }
            Instant now = clock.instant();
            Map<ParameterKey, Parameter<SecretText>> answers = new HashMap<>();
            Map<String, Parameter<Map<String, SecretText>>> pathAnswers = new HashMap<>();
            wanted.forEach(key -> answers.put(key, answer(values.get(key), now, notBefore)));
            wantedPaths.forEach(path -> pathAnswers.put(path, answer(paths.get(path), now, notBefore)));
            return new Parameters(answers, pathAnswers);
        }

        private void refreshInTurn(Set<ParameterKey> wanted, Set<String> wantedPaths, Instant notBefore) {
            try {
                // While AWS is silent, those that wait for their turn must not hold their threads too.
                long longest = silent ? 0 : patience.toNanos();
                if (!lock.tryLock(longest, TimeUnit.NANOSECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            try {
                unanswered = null;
                forgetUnused();
                refresh(wanted, notBefore);
                refreshPaths(wantedPaths, notBefore);
            } finally {
                lock.unlock();
            }
        }

        private void refresh(Set<ParameterKey> wanted, Instant notBefore) {
            List<ParameterKey> due = due(values, wanted, notBefore).stream()
                    .sorted(Comparator.comparing(ParameterKey::text))
                    .toList();
            for (int from = 0; from < due.size(); from += ParameterCalls.BATCH) {
                List<ParameterKey> batch = due.subList(from, Math.min(from + ParameterCalls.BATCH, due.size()));
                Instant asked = clock.instant();
                Failure before = unanswered;
                if (before == null) {
                    calls.values(session, region, batch)
                            .forEach((key, answer) -> keep(values, key, answer, key.isFixed(), asked));
                } else {
                    batch.forEach(key -> keep(values, key, new Parameter.Unreadable<>(before), key.isFixed(), asked));
                }
            }
        }

        private void refreshPaths(Set<String> wanted, Instant notBefore) {
            for (String path : due(paths, wanted, notBefore).stream().sorted().toList()) {
                Instant asked = clock.instant();
                Failure before = unanswered;
                keep(
                        paths,
                        path,
                        before == null ? calls.below(session, region, path) : new Parameter.Unreadable<>(before),
                        false,
                        asked);
            }
        }

        private <K, T> void keep(Map<K, Entry<T>> entries, K key, Parameter<T> answer, boolean fixed, Instant asked) {
            @Nullable Entry<T> last = entries.get(key);
            silent = answer instanceof Parameter.Unreadable<T>;
            switch (answer) {
                case Parameter.Unreadable<T>(Failure failure) -> {
                    unanswered = failure;
                    int failures = last == null ? 1 : last.failures() + 1;
                    entries.put(
                            key,
                            new Entry<>(
                                    last == null ? null : last.answer(),
                                    last == null ? Instant.MIN : last.readAt(),
                                    last == null ? Instant.MIN : last.believedUntil(),
                                    failure,
                                    failures,
                                    asked,
                                    clock.instant().plus(backOff(failures))));
                }
                case Parameter.Found<T> _
                when fixed -> {
                    Instant until = asked.plus(fixedLifetime);
                    entries.put(key, answered(answer, asked, until, until.plus(believed)));
                }
                case Parameter.Found<T> _ ->
                    entries.put(key, answered(answer, asked, asked.plus(lifetime), asked.plus(believed)));
                case Parameter.Missing<T> _, Parameter.Refused<T> _ ->
                    entries.put(key, answered(answer, asked, asked.plus(badLifetime), asked.plus(believed)));
            }
        }

        private static <T> Entry<T> answered(
                Parameter<T> answer, Instant asked, Instant tryAgain, Instant believedUntil) {
            return new Entry<>(answer, asked, believedUntil, null, 0, asked, tryAgain);
        }

        private <K, T> List<K> due(Map<K, Entry<T>> entries, Set<K> wanted, Instant notBefore) {
            Instant now = clock.instant();
            return wanted.stream()
                    .filter(key -> {
                        Entry<T> entry = entries.get(key);
                        return entry == null || entry.isDue(now, notBefore);
                    })
                    .toList();
        }

        private <T> Parameter<T> answer(@Nullable Entry<T> entry, Instant now, Instant notBefore) {
            Parameter<T> answer = entry == null ? null : entry.answer(now, notBefore);
            if (answer != null) {
                return answer;
            }
            Failure failure = entry == null ? null : entry.failure();
            return new Parameter.Unreadable<>(
                    failure != null
                            ? failure
                            : new Failure.Transient("AccountBusy", "AWS has not answered yet", false));
        }

        private void forgetUnused() {
            Instant now = clock.instant();
            Predicate<Entry<?>> unused = entry -> !now.isBefore(entry.tryAgain().plus(believed));
            values.values().removeIf(unused);
            paths.values().removeIf(unused);
        }
    }

    private Duration backOff(int failures) {
        Duration full = firstBackOff.multipliedBy(1L << Math.min(failures - 1, 10));
        Duration bounded = full.compareTo(longestBackOff) < 0 ? full : longestBackOff;
        return scaled(bounded, 0.5 + random.nextDouble() / 2);
    }

    private static Duration scaled(Duration duration, double factor) {
        return Duration.ofNanos(Math.round(duration.toNanos() * factor));
    }
}
