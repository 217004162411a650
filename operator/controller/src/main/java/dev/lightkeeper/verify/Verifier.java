package dev.lightkeeper.verify;

import dev.lightkeeper.act.Results;
import dev.lightkeeper.api.v1alpha1.Backoff;
import dev.lightkeeper.api.v1alpha1.CheckResult;
import dev.lightkeeper.api.v1alpha1.CheckStatus;
import dev.lightkeeper.api.v1alpha1.CheckType;
import dev.lightkeeper.api.v1alpha1.Enforcement;
import dev.lightkeeper.api.v1alpha1.Readiness;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.Verification;
import dev.lightkeeper.desired.Contract;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.Problem;
import dev.lightkeeper.observe.LiveService;
import dev.lightkeeper.observe.LiveState;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.plan.History;
import dev.lightkeeper.plan.Memory;
import dev.lightkeeper.plan.Plan;
import dev.lightkeeper.plan.ProbeRecord;
import dev.lightkeeper.plan.RevisionRecord;
import dev.lightkeeper.plan.Timings;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Makes the checks of a resource: live image, live environment, and readiness asked from the outside. */
public final class Verifier {
    /** Name of the check of the running images. */
    public static final String IMAGE = "image";

    /** Name of the check of the running environment. */
    public static final String ENVIRONMENT = "environment";

    /** Name of the operator's own readiness check. */
    public static final String READINESS = "readiness";

    private final Attempt attempt;
    private final TryLedger ledger;
    private final Timings timings;
    private final InstantSource clock;
    private final Map<String, Instant> rounds = new ConcurrentHashMap<>();
    private final Map<String, Boolean> isolated = new ConcurrentHashMap<>();

    /** Tries are kept in {@code ledger}, in memory only. */
    public Verifier(Attempt attempt, TryLedger ledger, Timings timings, InstantSource clock) {
        this.attempt = attempt;
        this.ledger = ledger;
        this.timings = timings;
        this.clock = clock;
    }

    /** When this process last finished a round of probes of the resource, null when it did not yet. */
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
        isolated.remove(uid);
        ledger.forget(uid);
    }

    /** Makes the checks that are due and says where each stands. Blocks for at most three time-outs of the probe. */
    public Verdict verify(DesiredState desired, LiveState live, Plan plan, Results results, History history) {
        if (desired.absent()) {
            return new Verdict(List.of(), null);
        }
        List<CheckStatus> checks = new ArrayList<>();
        Memory memory = results.memory();
        checks.add(contentCheck(IMAGE, CheckType.Image, Reason.ImageMismatch, desired, live, plan, memory, history));
        checks.add(contentCheck(
                ENVIRONMENT, CheckType.Environment, Reason.EnvironmentMismatch, desired, live, plan, memory, history));
        Contract contract = contract(desired, memory, history);
        Readiness readiness = contract.readiness();
        if (readiness == null) {
            return new Verdict(checks, null);
        }
        return readiness(readiness, checks, desired, live, memory, history);
    }

    /** An older revision that is kept live, while the spec's is failed or held, is judged by its own contract. */
    private static Contract contract(DesiredState desired, Memory memory, History history) {
        return memory.keepsOlder()
                ? history.byNumber(memory.currentRevision())
                        .map(RevisionRecord::contract)
                        .orElseGet(() -> Contract.of(desired.spec()))
                : Contract.of(desired.spec());
    }

    private CheckStatus contentCheck(
            String name,
            CheckType type,
            Reason mismatch,
            DesiredState desired,
            LiveState live,
            Plan plan,
            Memory memory,
            History history) {
        Optional<CheckStatus> before = before(history, name);
        boolean known = plan.compared()
                && desired.release() != null
                && live.service() instanceof Observed.Present<LiveService>(LiveService service)
                && service.current() != null;
        if (!known && before.isPresent()) {
            return before.get();
        }
        Optional<String> difference = plan.drift().stream()
                .filter(found -> found.reason() == mismatch)
                .map(found -> found.message())
                .findFirst();
        CheckResult result;
        String message;
        if (!known) {
            result = CheckResult.Unknown;
            message = "nothing was compared yet";
        } else if (difference.isEmpty()) {
            result = CheckResult.Passing;
            message = "the live %s is the declared one".formatted(name);
        } else if (memory.isDeploying()) {
            result = CheckResult.Unknown;
            message = "the declared release is being deployed";
        } else {
            result = CheckResult.Failing;
            message = difference.get();
        }
        return check(name, type, result, message, memory.deploymentVersion(), before);
    }

    private Verdict readiness(
            Readiness readiness,
            List<CheckStatus> checks,
            DesiredState desired,
            LiveState live,
            Memory memory,
            History history) {
        Optional<CheckStatus> before = before(history, READINESS);
        URI uri = address(readiness, live, memory, history);
        String uid = desired.resource().uid();
        Long version = memory.deploymentVersion();
        TryLedger.Key key = new TryLedger.Key(uid, READINESS, String.valueOf(readiness.hashCode()), version);
        if (uri == null || !mayJudge(desired, memory, history, key)) {
            String why = uri == null ? "nothing serves yet" : "not probed: the spec is invalid, and its checks are new";
            checks.add(check(READINESS, CheckType.Readiness, CheckResult.Unknown, why, null, before));
            return new Verdict(checks, null);
        }
        boolean verifying = memory.isVerifying();
        Instant settled =
                verifying && memory.activeTime() != null ? memory.activeTime().plus(timings.settle()) : Instant.EPOCH;
        ProbePace pace = verifying ? pace(readiness, desired.spec().verification()) : steady(readiness);
        Instant due = due(key, pace, settled);
        String message = null;
        if (!clock.instant().isBefore(due)) {
            Judgement judgement = attempt.make(
                    new Prober.Request(
                            "GET", uri, desired.probeHeaders(), Duration.ofSeconds(readiness.timeoutSeconds())),
                    readiness.expect());
            isolated.put(uid, judgement instanceof Judgement.Unclear unclear && unclear.isolated());
            message = message(judgement, readiness);
            Instant tried = clock.instant();
            ledger.record(key, TryLedger.Outcome.of(judgement), tried);
            rounds.put(uid, tried);
            due = due(key, pace, settled);
        }
        CheckResult standing = standing(key, readiness, desired, memory, history, before, verifying);
        boolean unchanged = before.filter(
                        check -> check.status() == standing && Objects.equals(check.deploymentVersion(), version))
                .isPresent();
        if (message == null || (unchanged && standing != CheckResult.Failing)) {
            message = unchanged && before.get().message() != null
                    ? before.get().message()
                    : Objects.requireNonNullElse(message, "not probed yet");
        }
        CheckStatus check = check(READINESS, CheckType.Readiness, standing, message, version, before);
        checks.add(check);
        return new Verdict(checks, due, isolation(uid, check, history));
    }

    /** An invalid spec is not deployed: by its readiness what serves is judged only if that was so before, too. */
    private boolean mayJudge(DesiredState desired, Memory memory, History history, TryLedger.Key key) {
        return !desired.has(Problem.Kind.INVALID)
                || (desired.hasOnly(Problem.Kind.INVALID)
                        && (ledger.seen(key).isPresent() || isContractInForce(desired, memory, history)));
    }

    private static boolean isContractInForce(DesiredState desired, Memory memory, History history) {
        return history.byNumber(memory.currentRevision())
                .filter(record -> record.contractHash().equals(desired.contractHash()))
                .isPresent();
    }

    private CheckResult standing(
            TryLedger.Key key,
            Readiness readiness,
            DesiredState desired,
            Memory memory,
            History history,
            Optional<CheckStatus> before,
            boolean verifying) {
        boolean sameSpec = Objects.equals(
                        history.status().observedGeneration(),
                        desired.resource().generation())
                || isContractInForce(desired, memory, history);
        CheckResult carried = before.filter(
                        check -> sameSpec && Objects.equals(check.deploymentVersion(), key.deploymentVersion()))
                .map(CheckStatus::status)
                .orElse(CheckResult.Unknown);
        CheckResult standing =
                ledger.standing(key, readiness.failureThreshold(), readiness.successThreshold(), carried);
        boolean interrupted = verifying
                && standing == CheckResult.Passing
                && ledger.seen(key)
                        .filter(seen -> seen.lastOutcome() == TryLedger.Outcome.Miss)
                        .isPresent();
        return interrupted ? CheckResult.Unknown : standing;
    }

    private Instant due(TryLedger.Key key, ProbePace pace, Instant settled) {
        Instant next = ledger.seen(key)
                .map(seen -> pace.next(seen.lastTry(), seen.tries(), seen.lastOutcome() == TryLedger.Outcome.Pass))
                .orElse(settled);
        return next.isBefore(settled) ? settled : next;
    }

    private Isolation isolation(String uid, CheckStatus check, History history) {
        // What a process before this one found holds until this one has tried.
        boolean found = isolated.computeIfAbsent(
                uid,
                unknown -> history.condition("ReadinessPassed")
                        .filter(told -> told.reason().equals(Reason.ProberIsolated.name()))
                        .isPresent());
        if (!found || check.status() != CheckResult.Unknown) {
            return Isolation.NONE;
        }
        Instant since = Objects.requireNonNullElse(check.lastTransitionTime(), Instant.EPOCH);
        return clock.instant().isBefore(since.plus(timings.observationStale())) ? Isolation.RECENT : Isolation.LASTING;
    }

    private static String message(Judgement judgement, Readiness readiness) {
        return switch (judgement) {
            case Judgement.Passed ignored -> "GET %s answers as expected".formatted(readiness.path());
            case Judgement.Missed missed -> "GET %s: %s".formatted(readiness.path(), missed.message());
            case Judgement.Unclear unclear -> "GET %s: %s".formatted(readiness.path(), unclear.message());
        };
    }

    private static ProbePace pace(Readiness readiness, Verification verification) {
        Backoff backoff = verification.backoff();
        return new ProbePace(
                Duration.ofSeconds(readiness.periodSeconds()),
                verification.retries(),
                Duration.ofSeconds(backoff.initialSeconds()),
                backoff.factor(),
                Duration.ofSeconds(backoff.maxSeconds()));
    }

    private static ProbePace steady(Readiness readiness) {
        return ProbePace.steady(Duration.ofSeconds(readiness.periodSeconds()));
    }

    private static @Nullable URI address(Readiness readiness, LiveState live, Memory memory, History history) {
        String base = switch (live.ours(memory.arn())) {
            case Observed.Present<LiveService>(LiveService service) -> service.current() == null ? null : service.url();
            case Observed.Absent<LiveService> ignored -> null;
            case Observed.Unknown<LiveService> ignored -> history.status().url();
        };
        if (base == null || base.isEmpty()) {
            return null;
        }
        if (readiness.host() != null) {
            return URI.create("https://" + readiness.host() + readiness.path());
        }
        return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + readiness.path());
    }

    private static Optional<CheckStatus> before(History history, String name) {
        return history.checks().stream()
                .filter(check -> check.name().equals(name))
                .findFirst();
    }

    private CheckStatus check(
            String name,
            CheckType type,
            CheckResult result,
            String message,
            @Nullable Long version,
            Optional<CheckStatus> before) {
        Instant since = before.filter(
                        check -> check.status() == result && Objects.equals(check.deploymentVersion(), version))
                .map(CheckStatus::lastTransitionTime)
                .orElseGet(clock::instant);
        return new CheckStatus(name, type, Enforcement.Required, result, message, version, since);
    }
}
