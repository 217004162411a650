package dev.lightkeeper.aws;

import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.plan.Timings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.random.RandomGenerator;

/**
 * All services of an account and region, listed by one call that serves every resource in it. An answer lives a little
 * shorter than the interval of steady looks, so that resources that each look once in it cause one call. A failure lives
 * for a growing, jittered while, so that they do not cause one failing call each.
 *
 * @param <S> a service as the target's adapter maps it, without secrets
 */
public final class FleetCache<S> {
    private static final double SHARE_OF_STEADY_LOOK = 0.9;
    private static final int FIRST_BACK_OFF_DIVISOR = 12;

    private final Reader<S> reader;
    private final Clock clock;
    private final RandomGenerator random;
    private final Duration lifetime;
    private final Duration firstBackOff;
    private final Duration longestBackOff;
    private final Duration patience;
    private final ConcurrentMap<Place, SingleFlight<Entry<S>>> entries = new ConcurrentHashMap<>();

    /** A cache that is empty at first; losing it costs one call. */
    public FleetCache(Reader<S> reader, CallLimits limits, Timings timings, Clock clock, RandomGenerator random) {
        this(reader, scaled(timings.steadyLook(), SHARE_OF_STEADY_LOOK), limits, timings, clock, random);
    }

    /** A cache of something that changes at another pace than services do. */
    public FleetCache(
            Reader<S> reader,
            Duration lifetime,
            CallLimits limits,
            Timings timings,
            Clock clock,
            RandomGenerator random) {
        this.reader = reader;
        this.clock = clock;
        this.random = random;
        this.lifetime = lifetime;
        this.firstBackOff = timings.steadyLook().dividedBy(FIRST_BACK_OFF_DIVISOR);
        this.longestBackOff = timings.steadyLook();
        this.patience = limits.patience();
    }

    /** The call that lists them all. */
    @FunctionalInterface
    public interface Reader<S> {
        /** By service name; Unknown for one that AWS described in a way that could not be read. */
        AwsAnswer<Map<String, Observed<S>>> list(AccountSession session, String region);
    }

    /** What is known of a fleet. */
    public sealed interface Fleet<S> {
        /**
         * A list.
         *
         * @param readAt before the request was sent: what changed later may not be in it
         */
        record Listed<S>(Instant readAt, Map<String, Observed<S>> services) implements Fleet<S> {
            public Listed {
                services = Map.copyOf(services);
            }
        }

        /** There is no list that is young enough. */
        record Unlisted<S>(Failure failure) implements Fleet<S> {}
    }

    private record Place(String account, String region) {}

    private record Entry<S>(Fleet<S> fleet, Instant until, int failures, AccountSession session) {}

    /** The fleet as it was read not long ago, by this run or another. */
    public Fleet<S> fleet(AccountSession session, String region) {
        SingleFlight<Entry<S>> flight = entries.computeIfAbsent(
                new Place(session.account(), region),
                place -> new SingleFlight<>(patience, last -> last.failures() == 0));
        Instant now = clock.instant();
        Entry<S> entry = flight.get(
                last -> last.session() == session && now.isBefore(last.until()), last -> read(session, region, last));
        return entry != null
                ? entry.fleet()
                : new Fleet.Unlisted<>(new Failure.Transient("AccountBusy", "AWS has not answered yet", false));
    }

    private Entry<S> read(AccountSession session, String region, @org.jspecify.annotations.Nullable Entry<S> last) {
        Instant asked = clock.instant();
        return switch (reader.list(session, region)) {
            case AwsAnswer.Answered<Map<String, Observed<S>>>(Map<String, Observed<S>> services) ->
                new Entry<>(new Fleet.Listed<>(asked, services), asked.plus(lifetime), 0, session);
            case AwsAnswer.Failed<Map<String, Observed<S>>>(Failure failure) -> {
                int failures = last == null || last.session() != session ? 1 : last.failures() + 1;
                yield new Entry<>(
                        new Fleet.Unlisted<>(failure), clock.instant().plus(backOff(failures)), failures, session);
            }
        };
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
