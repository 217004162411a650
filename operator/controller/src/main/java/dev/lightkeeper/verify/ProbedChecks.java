package dev.lightkeeper.verify;

import dev.lightkeeper.api.v1alpha1.Backoff;
import dev.lightkeeper.api.v1alpha1.CheckResult;
import dev.lightkeeper.api.v1alpha1.CheckStatus;
import dev.lightkeeper.api.v1alpha1.CheckType;
import dev.lightkeeper.api.v1alpha1.Readiness;
import dev.lightkeeper.api.v1alpha1.Verification;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.ProbeSite;
import dev.lightkeeper.desired.Problem;
import dev.lightkeeper.observe.LiveService;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.plan.Timings;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The checks over HTTP: which of them are due, what a round of tries finds, and where each stands after it. All of a
 * resource share the pace of readiness, so that they are made in rounds.
 */
final class ProbedChecks {
    /** What falls due so soon, as a share of the period, is made in the same round. */
    private static final int SHARE_OF_PERIOD = 6;

    /** After so long a round begins no further try; what is left is due in the next one, first of all. */
    private static final Duration LONGEST_ROUND = Duration.ofSeconds(20);

    private final Attempt attempt;
    private final HttpChecks checks;
    private final TryLedger ledger;
    private final Simultaneous simultaneous;
    private final Duration settle;

    /** Commands to hosts cost more than a request does: no more of them than hosts are looked at. */
    private final Duration oftestOnHosts;

    private final InstantSource clock;
    private final Measurements measurements;
    private final HostRounds hostRounds;
    private final Map<String, Boolean> isolated = new ConcurrentHashMap<>();

    ProbedChecks(
            Attempt attempt,
            HttpChecks checks,
            TryLedger ledger,
            Simultaneous simultaneous,
            Timings timings,
            InstantSource clock,
            Measurements measurements,
            HostRounds hostRounds) {
        this.hostRounds = hostRounds;
        this.attempt = attempt;
        this.checks = checks;
        this.ledger = ledger;
        this.simultaneous = simultaneous;
        this.settle = timings.settle();
        this.oftestOnHosts = timings.steadyLook().multipliedBy(2);
        this.clock = clock;
        this.measurements = measurements;
    }

    /**
     * What a run found.
     *
     * @param lines one for each declared check
     * @param nextTry when the next one is due, null when none will be
     * @param triedSince every check has been tried at or after this moment by this process; null where one was not
     * @param isolated whether the last readiness try found that nothing at all could be reached; null before a try
     * @param hosts where each host stands, by instance
     */
    record Found(
            List<CheckStatus> lines,
            @Nullable Instant nextTry,
            @Nullable Instant triedSince,
            @Nullable Boolean isolated,
            Map<String, HostAnswer> hosts) {}

    /**
     * Makes what is due.
     *
     * @param proof with the contract that hosts which a roll has changed are proved by
     */
    Found make(Situation situation, Readiness readiness, DesiredState proof) {
        URI address = address(situation, readiness);
        List<HttpCheck> declared = checks.declared(situation.desired(), readiness, address);
        ProbePace pace = pace(situation, readiness);
        Instant settled = settled(situation);
        List<HttpCheck> open = new ArrayList<>();
        Map<HttpCheck, String> closed = new HashMap<>();
        String nowhere = situation.live().service() instanceof Observed.Unknown<LiveService>
                ? "it is not known what serves"
                : "nothing serves";
        for (HttpCheck check : declared) {
            String obstacle = address == null ? nowhere : obstacle(situation, check);
            if (obstacle == null) {
                open.add(check);
            } else {
                closed.put(check, obstacle);
            }
        }
        ProbeSite site = new ProbeSite(situation.desired().spec());
        HostRounds.Found onHosts = site.provesHosts()
                ? hostRound(
                        situation, readiness, proof, site.onHosts() ? due(situation, open, pace, settled) : List.of())
                : new HostRounds.Found(Map.of(), Map.of(), null);
        Map<HttpCheck, Judgement> judgements =
                site.onHosts() ? recorded(situation, open, onHosts.judged()) : round(situation, open, pace, settled);
        List<CheckStatus> lines = new ArrayList<>();
        for (HttpCheck check : declared) {
            String obstacle = closed.get(check);
            lines.add(
                    obstacle == null
                            ? line(situation, readiness, check, judgements.get(check))
                            : situation.line(
                                    check.type(),
                                    check.name(),
                                    check.enforcement(),
                                    CheckResult.Unknown,
                                    obstacle,
                                    null));
        }
        return new Found(
                lines,
                next(
                        onHosts.next(),
                        open.stream()
                                .map(check -> due(situation, check, pace, settled))
                                .min(Comparator.naturalOrder())
                                .orElse(null),
                        site.onHosts()),
                address == null ? null : triedSince(situation, open),
                isolated.get(situation.uid()),
                onHosts.hosts());
    }

    /** What a host is asked for is waited for before anything else is asked of it. */
    private static @Nullable Instant next(@Nullable Instant host, @Nullable Instant check, boolean onHosts) {
        if (host == null || check == null) {
            return host == null ? check : host;
        }
        return onHosts || host.isBefore(check) ? host : check;
    }

    private List<HttpCheck> due(Situation situation, List<HttpCheck> open, ProbePace pace, Instant settled) {
        Instant now = clock.instant();
        Instant soon = now.plus(pace.period().dividedBy(SHARE_OF_PERIOD));
        boolean none = open.stream().allMatch(check -> now.isBefore(due(situation, check, pace, settled)));
        return none || now.isBefore(settled)
                ? List.of()
                : open.stream()
                        .filter(check -> !soon.isBefore(due(situation, check, pace, settled)))
                        .toList();
    }

    private HostRounds.Found hostRound(
            Situation situation, Readiness readiness, DesiredState proved, List<HttpCheck> due) {
        Readiness proof = Objects.requireNonNull(proved.spec().readiness(), "it proves hosts");
        return hostRounds.make(
                situation,
                ready(situation.desired(), readiness),
                ready(proved, proof),
                due,
                backedOff(proved, Duration.ofSeconds(proof.periodSeconds())),
                readiness.failureThreshold());
    }

    private HttpCheck ready(DesiredState desired, Readiness readiness) {
        return checks.declared(desired, readiness, local(readiness)).getFirst();
    }

    private static URI local(Readiness readiness) {
        return URI.create("http://127.0.0.1:%d/".formatted(readiness.port()));
    }

    /** The judgements of hosts, noted for those checks that are still declared so. */
    private Map<HttpCheck, Judgement> recorded(
            Situation situation, List<HttpCheck> open, Map<HttpCheck, Judgement> judged) {
        Map<HttpCheck, Judgement> made = new HashMap<>();
        judged.forEach((asked, judgement) -> open.stream()
                .filter(check -> check.key(situation.uid(), situation.version())
                        .equals(asked.key(situation.uid(), situation.version())))
                .forEach(check -> {
                    ledger.record(
                            check.key(situation.uid(), situation.version()),
                            TryLedger.Outcome.of(judgement),
                            clock.instant());
                    made.put(check, judgement);
                }));
        return made;
    }

    void forget(String uid) {
        hostRounds.forget(uid);
        isolated.remove(uid);
    }

    /** Makes the tries that are due, those first that were not made for longest. */
    private Map<HttpCheck, Judgement> round(
            Situation situation, List<HttpCheck> open, ProbePace pace, Instant settled) {
        Instant begun = clock.instant();
        if (open.stream().allMatch(check -> begun.isBefore(due(situation, check, pace, settled)))) {
            return Map.of();
        }
        Instant soon = begun.plus(pace.period().dividedBy(SHARE_OF_PERIOD));
        List<HttpCheck> due = open.stream()
                .filter(check -> !soon.isBefore(due(situation, check, pace, settled)) && !begun.isBefore(settled))
                .sorted(Comparator.comparing(check -> lastTry(situation, check).orElse(Instant.MIN)))
                .toList();
        Map<HttpCheck, Judgement> made = new ConcurrentHashMap<>();
        simultaneous.run(due.stream()
                .<Runnable>map(check -> () -> {
                    if (!clock.instant().isAfter(begun.plus(LONGEST_ROUND))) {
                        made.put(
                                check,
                                attempt.make(
                                        check.probe(),
                                        answer -> measurements.answered(
                                                situation.desired().resource(), check.type(), check.name(), answer)));
                    }
                })
                .toList());
        Instant tried = clock.instant();
        made.forEach((check, judgement) -> {
            TryLedger.Outcome outcome = TryLedger.Outcome.of(judgement);
            ledger.record(check.key(situation.uid(), situation.version()), outcome, tried);
            measurements.tried(situation.desired().resource(), check.type(), outcome);
            if (check.type() == CheckType.Readiness) {
                isolated.put(situation.uid(), judgement instanceof Judgement.Unclear unclear && unclear.isolated());
            }
        });
        return made;
    }

    private CheckStatus line(Situation situation, Readiness readiness, HttpCheck check, @Nullable Judgement judgement) {
        TryLedger.Key key = check.key(situation.uid(), situation.version());
        CheckResult standing = ledger.standing(
                key,
                readiness.failureThreshold(),
                readiness.successThreshold(),
                situation.proved(check.type(), check.name()));
        boolean interrupted = situation.verifying()
                && standing == CheckResult.Passing
                && ledger.seen(key)
                        .filter(seen -> seen.lastOutcome() == TryLedger.Outcome.Miss)
                        .isPresent();
        CheckResult result = interrupted ? CheckResult.Unknown : standing;
        String told = situation
                .before(check.type(), check.name())
                .filter(before ->
                        before.status() == result && Objects.equals(before.deploymentVersion(), situation.version()))
                .map(CheckStatus::message)
                .orElse(null);
        String found = judgement == null ? null : check.message(judgement);
        // Only a miss of what fails is told anew: all else would change with every single try.
        boolean worthTelling = told == null || (result == CheckResult.Failing && judgement instanceof Judgement.Missed);
        String unsaid = result == CheckResult.Passing ? check.message(new Judgement.Passed()) : "not probed yet";
        String message = found != null && worthTelling ? found : Objects.requireNonNullElse(told, unsaid);
        return situation.line(check.type(), check.name(), check.enforcement(), result, message, situation.version());
    }

    private @Nullable String obstacle(Situation situation, HttpCheck check) {
        if (check.obstacle() != null) {
            return check.obstacle();
        }
        return mayJudge(situation, check) ? null : "not probed: the spec is invalid, and its checks are new";
    }

    /** An invalid spec is not deployed: by its checks what serves is judged only if that was so before, too. */
    private boolean mayJudge(Situation situation, HttpCheck check) {
        return !situation.desired().has(Problem.Kind.INVALID)
                || (situation.desired().hasOnly(Problem.Kind.INVALID)
                        && (ledger.seen(check.key(situation.uid(), situation.version()))
                                        .isPresent()
                                || situation
                                        .history()
                                        .byNumber(situation.memory().currentRevision())
                                        .filter(record -> record.contractHash()
                                                .equals(situation.desired().contractHash()))
                                        .isPresent()));
    }

    private Instant due(Situation situation, HttpCheck check, ProbePace pace, Instant settled) {
        Instant next = ledger.seen(check.key(situation.uid(), situation.version()))
                .map(seen -> pace.next(seen.lastTry(), seen.tries(), seen.lastOutcome() == TryLedger.Outcome.Pass))
                .orElse(settled);
        return next.isBefore(settled) ? settled : next;
    }

    private Optional<Instant> lastTry(Situation situation, HttpCheck check) {
        return ledger.seen(check.key(situation.uid(), situation.version())).map(TryLedger.Seen::lastTry);
    }

    private @Nullable Instant triedSince(Situation situation, List<HttpCheck> open) {
        Instant since = Instant.MAX;
        for (HttpCheck check : open) {
            Optional<Instant> last = lastTry(situation, check);
            if (last.isEmpty()) {
                return null;
            }
            since = last.get().isBefore(since) ? last.get() : since;
        }
        return since.equals(Instant.MAX) ? null : since;
    }

    private Instant settled(Situation situation) {
        Instant active = situation.memory().activeTime();
        return situation.verifying() && active != null ? active.plus(settle) : Instant.EPOCH;
    }

    private ProbePace pace(Situation situation, Readiness readiness) {
        Duration period = Duration.ofSeconds(readiness.periodSeconds());
        if (situation.verifying()) {
            return backedOff(situation.desired(), period);
        }
        boolean onHosts = new ProbeSite(situation.desired().spec()).onHosts();
        return ProbePace.steady(onHosts && period.compareTo(oftestOnHosts) < 0 ? oftestOnHosts : period);
    }

    private static ProbePace backedOff(DesiredState desired, Duration period) {
        Verification verification = desired.spec().verification();
        Backoff backoff = verification.backoff();
        return new ProbePace(
                period,
                verification.retries(),
                Duration.ofSeconds(backoff.initialSeconds()),
                backoff.factor(),
                Duration.ofSeconds(backoff.maxSeconds()));
    }

    private static @Nullable URI address(Situation situation, Readiness readiness) {
        String base = switch (situation.live().ours(situation.memory().arn())) {
            case Observed.Present<LiveService>(LiveService service) ->
                service.current() == null
                                && !situation
                                        .memory()
                                        .mayServeUnseen(situation.desired().spec())
                        ? null
                        : service.url();
            case Observed.Absent<LiveService> ignored -> null;
            case Observed.Unknown<LiveService> ignored ->
                situation.history().status().url();
        };
        if (new ProbeSite(situation.desired().spec()).onHosts()) {
            return base == null ? null : local(readiness);
        }
        if (base == null || base.isEmpty()) {
            return null;
        }
        return URI.create(readiness.host() == null ? base : "https://%s/".formatted(readiness.host()));
    }
}
