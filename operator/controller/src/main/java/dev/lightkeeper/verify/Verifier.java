package dev.lightkeeper.verify;

import dev.lightkeeper.act.Results;
import dev.lightkeeper.api.v1alpha1.CheckResult;
import dev.lightkeeper.api.v1alpha1.CheckStatus;
import dev.lightkeeper.api.v1alpha1.CheckType;
import dev.lightkeeper.api.v1alpha1.Readiness;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.observe.LiveState;
import dev.lightkeeper.plan.History;
import dev.lightkeeper.plan.Plan;
import dev.lightkeeper.plan.ProbeRecord;
import dev.lightkeeper.plan.Timings;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Makes the checks of a resource: live image, live environment, what is asked from the outside, what is written into the log. */
public final class Verifier {
    /** Hosts' answers are not waited for, but looked for so often in the time of a look in transition. */
    private static final int LOOKS_FOR_ANSWERS = 3;

    private final ProbedChecks probed;
    private final LogChecks logs;
    private final TryLedger ledger;
    private final Timings timings;
    private final InstantSource clock;
    private final Map<String, Instant> rounds = new ConcurrentHashMap<>();

    /**
     * Tries are kept in {@code ledger}, in memory only.
     *
     * @param random makes the names of paths that do not exist
     * @param logs what the services write
     * @param excerpts gets lines of the log that explain a failing check
     * @param measurements hears of every try
     * @param hosts has hosts ask themselves
     */
    public Verifier(
            Attempt attempt,
            Expectations expectations,
            TryLedger ledger,
            Simultaneous simultaneous,
            Timings timings,
            InstantSource clock,
            RandomGenerator random,
            LogSource logs,
            Excerpts excerpts,
            Measurements measurements,
            HostProber hosts) {
        this.ledger = ledger;
        this.timings = timings;
        this.clock = clock;
        this.logs = new LogChecks(logs, excerpts, timings, clock);
        this.probed = new ProbedChecks(
                attempt,
                new HttpChecks(expectations, random),
                ledger,
                simultaneous,
                timings,
                clock,
                measurements,
                new HostRounds(
                        hosts, ledger, timings.transitionLook().dividedBy(LOOKS_FOR_ANSWERS), clock, measurements));
    }

    /** Since when this process has made every check of the resource, null where one was not made yet. */
    public @Nullable Instant lastRound(String uid) {
        return rounds.get(uid);
    }

    /** What this process saw of the checks of the resource. */
    public ProbeRecord probes(String uid) {
        return ledger.record(uid);
    }

    /** Forgets a deleted resource. */
    public void forget(String uid) {
        rounds.remove(uid);
        probed.forget(uid);
        logs.forget(uid);
        ledger.forget(uid);
    }

    /** Makes the checks that are due and says where each stands. Blocks for some time-outs of the probes. */
    public Verdict verify(Contracts contracts, LiveState live, Plan plan, Results results, History history) {
        DesiredState desired = contracts.serving();
        if (desired.absent()) {
            return new Verdict(List.of(), null);
        }
        Situation situation = new Situation(desired, live, results.memory(), history, clock);
        List<CheckStatus> checks = new ArrayList<>(ContentChecks.of(situation, plan));
        List<@Nullable Instant> tried = new ArrayList<>();
        Instant next = null;
        Isolation isolation = Isolation.NONE;
        Map<String, HostAnswer> hosts = Map.of();
        Readiness readiness = desired.spec().readiness();
        if (readiness != null) {
            ProbedChecks.Found found = probed.make(situation, readiness, contracts.proof());
            checks.addAll(found.lines());
            tried.add(found.triedSince());
            next = found.nextTry();
            isolation = isolation(situation, found);
            hosts = found.hosts();
        }
        boolean logMissing = false;
        if (LogChecks.areDeclared(desired.spec().verification())) {
            LogChecks.Found found = logs.make(situation);
            checks.addAll(found.lines());
            tried.add(found.triedSince());
            next = earlier(next, found.nextRead());
            logMissing = Objects.requireNonNullElseGet(
                    found.missing(), () -> history.tells("LogsPassed", Reason.LogSourceMissing));
        }
        remember(situation.uid(), tried);
        return new Verdict(checks, next, isolation, hosts, logMissing);
    }

    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.isBefore(other) ? one : other;
    }

    private void remember(String uid, List<@Nullable Instant> tried) {
        Instant since = tried.isEmpty() ? null : tried.getFirst();
        for (Instant time : tried) {
            since = time == null || since == null ? null : earlier(since, time);
        }
        if (since == null) {
            rounds.remove(uid);
        } else {
            rounds.put(uid, since);
        }
    }

    private Isolation isolation(Situation situation, ProbedChecks.Found found) {
        // What a process before this one found holds until this one has tried.
        boolean isolated = Objects.requireNonNullElseGet(
                found.isolated(), () -> situation.history().tells("ReadinessPassed", Reason.ProberIsolated));
        CheckStatus readiness = found.lines().stream()
                .filter(check -> check.type() == CheckType.Readiness)
                .findFirst()
                .orElseThrow();
        if (!isolated || readiness.status() != CheckResult.Unknown) {
            return Isolation.NONE;
        }
        Instant since = Objects.requireNonNullElse(readiness.lastTransitionTime(), Instant.EPOCH);
        return clock.instant().isBefore(since.plus(timings.observationStale())) ? Isolation.RECENT : Isolation.LASTING;
    }
}
