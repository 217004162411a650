package dev.lightkeeper.telemetry;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that this process has stopped to work although it lives: a run that does not end, runs that do not begin, an
 * election that nobody follows any more. Only a restart helps then. What hangs outside (AWS, a service, the Kubernetes
 * API) is no reason: every call has a time limit, and a restart would not help.
 */
public final class Watchdog {
    /** All calls that a run may make together end sooner, at their time limits. */
    static final Duration LONGEST_RUN = Duration.ofMinutes(10);

    /** Some ten times as long as the lease lasts. */
    static final Duration LONGEST_ELECTION_SILENCE = Duration.ofMinutes(3);

    private static final Logger log = LoggerFactory.getLogger(Watchdog.class);

    private final InstantSource clock;
    private final Map<ResourceID, Running> running = new ConcurrentHashMap<>();
    private final Map<ResourceID, Instant> due = new ConcurrentHashMap<>();
    private volatile Instant lastProgress;
    private volatile @Nullable Instant leaseSeen;

    private record Running(Instant since, Thread thread) {}

    /** A watchdog of a process that has just started. */
    public Watchdog(InstantSource clock) {
        this.clock = clock;
        this.lastProgress = clock.instant();
    }

    /** A run has begun, on the calling thread. */
    void began(ResourceID resource) {
        lastProgress = clock.instant();
        running.put(resource, new Running(lastProgress, Thread.currentThread()));
    }

    /** It has ended, and the next one is to begin at {@code next}. */
    void ended(ResourceID resource, Instant next) {
        lastProgress = clock.instant();
        running.remove(resource);
        due.put(resource, next);
    }

    void gone(ResourceID resource) {
        due.remove(resource);
    }

    /** No run is expected any more. */
    void followed() {
        due.clear();
    }

    /** The lease was looked at, by a leader or by one who waits. Once it was, it has to be again and again. */
    public void leaseSeen() {
        leaseSeen = clock.instant();
    }

    /** By how long the first run that should have begun is late. */
    Duration overdue() {
        Instant now = clock.instant();
        return due.entrySet().stream()
                .filter(entry -> !running.containsKey(entry.getKey()))
                .map(Map.Entry::getValue)
                .min(Comparator.naturalOrder())
                .map(first -> Duration.between(first, now))
                .filter(late -> !late.isNegative())
                .orElse(Duration.ZERO);
    }

    /** For how long the oldest run has been going on. */
    Duration longestRun() {
        return oldest().map(entry -> age(entry.getValue())).orElse(Duration.ZERO);
    }

    /** Why this process has to be restarted; empty while it works. */
    public Optional<String> complaint() {
        Optional<String> complaint = hangingRun().or(this::noRuns).or(this::noElection);
        complaint.ifPresent(log::error);
        return complaint;
    }

    private Optional<String> hangingRun() {
        return oldest().filter(entry -> isOlder(entry.getValue().since(), LONGEST_RUN))
                .map(entry -> "a run of %s has not ended for more than %d minutes; it is at %s"
                        .formatted(
                                entry.getKey(),
                                LONGEST_RUN.toMinutes(),
                                place(entry.getValue().thread())));
    }

    private Optional<String> noRuns() {
        return overdue().compareTo(LONGEST_RUN) > 0 && isOlder(lastProgress, LONGEST_RUN)
                ? Optional.of("no run has begun or ended for more than %d minutes although some are due"
                        .formatted(LONGEST_RUN.toMinutes()))
                : Optional.empty();
    }

    private Optional<String> noElection() {
        Instant seen = leaseSeen;
        return seen != null && isOlder(seen, LONGEST_ELECTION_SILENCE)
                ? Optional.of("nobody has looked at the lease for more than %d minutes"
                        .formatted(LONGEST_ELECTION_SILENCE.toMinutes()))
                : Optional.empty();
    }

    private Optional<Map.Entry<ResourceID, Running>> oldest() {
        return running.entrySet().stream()
                .min(Comparator.comparing(entry -> entry.getValue().since()));
    }

    private Duration age(Running run) {
        return Duration.between(run.since(), clock.instant());
    }

    private boolean isOlder(Instant time, Duration age) {
        return clock.instant().isAfter(time.plus(age));
    }

    private static String place(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .map(StackTraceElement::toString)
                .limit(30)
                .collect(Collectors.joining(" < "));
    }
}
