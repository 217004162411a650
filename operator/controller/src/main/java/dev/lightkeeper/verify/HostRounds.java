package dev.lightkeeper.verify;

import dev.lightkeeper.api.v1alpha1.CheckResult;
import dev.lightkeeper.api.v1alpha1.HostStatus;
import dev.lightkeeper.api.v1alpha1.HostStep;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RollPhase;
import dev.lightkeeper.api.v1alpha1.RollStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Rounds of checks that every host makes of itself. What is asked in one run is judged in a later one; a round that was
 * asked before a host was changed is no evidence, and losing one in memory only means to ask again.
 */
final class HostRounds {
    /** A round that was not answered for so long never will be, and an answer so old is no evidence. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private static final Judgement UNREACHED =
            new Judgement.Unclear("SSM does not reach it, and it did not answer as expected before");

    private final HostProber prober;
    private final TryLedger ledger;
    private final Duration poll;
    private final InstantSource clock;
    private final Measurements measurements;
    private final Map<String, Asked> rounds = new ConcurrentHashMap<>();
    private final Map<String, Map<String, Miss>> missed = new ConcurrentHashMap<>();

    /** Resources for which nothing is asked of hosts before a moment, since AWS takes or tells nothing before it. */
    private final Map<String, Instant> resting = new ConcurrentHashMap<>();

    HostRounds(HostProber prober, TryLedger ledger, Duration poll, InstantSource clock, Measurements measurements) {
        this.measurements = measurements;
        this.prober = prober;
        this.ledger = ledger;
        this.poll = poll;
        this.clock = clock;
    }

    private record Asked(
            String ticket,
            String occasion,
            List<HttpCheck> checks,
            List<Prober.Request> requests,
            List<HostStatus> hosts,
            Instant at) {}

    /** What was wrong with a host's last answer that was not as expected. */
    private record Miss(TryLedger.Key key, String message) {}

    /**
     * What a run learned.
     *
     * @param judged the checks that were asked, over all hosts that serve
     * @param hosts where each host stands
     * @param next when to ask again, or for the answers; null when nothing is due by itself
     */
    record Found(
            Map<HttpCheck, Judgement> judged,
            Map<String, HostAnswer> hosts,
            @Nullable Instant next) {}

    void forget(String uid) {
        rounds.remove(uid);
        missed.remove(uid);
        resting.remove(uid);
    }

    /**
     * Takes the answers that have come, or asks what is due.
     *
     * @param readiness the check that says whether what serves works
     * @param proof the same for a host that was just switched over, or back
     * @param due what else is due to be asked of all hosts that serve
     * @param pace of a host that was just switched over
     */
    Found make(
            Situation situation,
            HttpCheck readiness,
            HttpCheck proof,
            List<HttpCheck> due,
            ProbePace pace,
            int failureThreshold) {
        Instant now = clock.instant();
        String uid = situation.uid();
        rounds.computeIfPresent(uid, (same, asked) -> now.isBefore(asked.at().plus(LONGEST)) ? asked : null);
        resting.computeIfPresent(uid, (same, until) -> now.isBefore(until) ? until : null);
        Map<HttpCheck, Judgement> judged = new HashMap<>();
        Asked asked = rounds.get(uid);
        if (!resting.containsKey(uid)) {
            if (asked == null) {
                ask(situation, proof, due, pace, now);
            } else {
                take(situation, asked, readiness, proof, judged, now);
            }
        }
        boolean soon = rounds.containsKey(uid) || !due.isEmpty();
        return new Found(
                judged,
                standing(situation, readiness, proof, pace, failureThreshold),
                rested(uid, soon ? now.plus(poll) : nextOfRoll(situation, proof, pace)));
    }

    private @Nullable Instant rested(String uid, @Nullable Instant next) {
        Instant until = resting.get(uid);
        return until != null && next != null && next.isBefore(until) ? until : next;
    }

    private void rest(String uid, @Nullable Instant until) {
        if (until != null) {
            resting.put(uid, until);
        }
    }

    private void take(
            Situation situation,
            Asked asked,
            HttpCheck readiness,
            HttpCheck proof,
            Map<HttpCheck, Judgement> judged,
            Instant now) {
        switch (prober.answers(situation.desired(), asked.ticket())) {
            case HostProber.Reply.NotNow<Map<String, List<Prober.Answer>>>(Instant before) ->
                rest(situation.uid(), before);
            case HostProber.Reply.Lost<Map<String, List<Prober.Answer>>>() -> rounds.remove(situation.uid());
            case HostProber.Reply.Given<Map<String, List<Prober.Answer>>>(Map<String, List<Prober.Answer>> answers) -> {
                rounds.remove(situation.uid());
                if (asked.occasion().equals(occasion(situation))) {
                    judge(situation, asked, answers, readiness, proof, judged, now);
                }
            }
        }
    }

    /** Changes whenever a host is told to do something. */
    private static String occasion(Situation situation) {
        RollStatus roll = situation.memory().roll();
        return roll == null ? "" : "%d.%d.%s".formatted(roll.number(), roll.sent(), roll.phase());
    }

    private void ask(Situation situation, HttpCheck proof, List<HttpCheck> due, ProbePace pace, Instant now) {
        List<HostStatus> inRoll = inRoll(situation).stream()
                .filter(host -> !now.isBefore(due(situation, host, proof, pace)))
                .toList();
        List<HttpCheck> checks = new ArrayList<>(due);
        if (!inRoll.isEmpty() && checks.stream().noneMatch(check -> isSame(check, proof))) {
            checks.addFirst(proof);
        }
        List<HostStatus> hosts = new ArrayList<>(inRoll);
        if (!due.isEmpty()) {
            hosts.addAll(serving(situation));
        }
        if (checks.isEmpty() || hosts.isEmpty()) {
            return;
        }
        List<Prober.Request> requests = checks.stream()
                .flatMap(check -> check.probe().requests().stream())
                .toList();
        switch (prober.begin(
                situation.desired(), hosts.stream().map(HostStatus::instanceId).toList(), requests)) {
            case HostProber.Reply.Given<String>(String ticket) ->
                rounds.put(situation.uid(), new Asked(ticket, occasion(situation), checks, requests, hosts, now));
            case HostProber.Reply.NotNow<String>(Instant before) -> rest(situation.uid(), before);
            case HostProber.Reply.Lost<String>() -> throw new IllegalStateException("there was no ticket to lose");
        }
    }

    private void judge(
            Situation situation,
            Asked asked,
            Map<String, List<Prober.Answer>> answers,
            HttpCheck readiness,
            HttpCheck proof,
            Map<HttpCheck, Judgement> judged,
            Instant now) {
        List<HostStatus> inRoll = inRoll(situation);
        List<HostStatus> serving = serving(situation);
        for (HttpCheck check : asked.checks()) {
            Map<String, Judgement> byHost = new TreeMap<>();
            for (HostStatus host : asked.hosts()) {
                Judgement judgement = judge(asked, check, answers.get(host.instanceId()));
                measure(situation, asked, check, answers.get(host.instanceId()));
                boolean serves = isAmong(serving, host);
                boolean proves = isSame(check, isAmong(inRoll, host) ? proof : readiness);
                if (proves || serves) {
                    ledger.record(key(situation, host, check), TryLedger.Outcome.of(judgement), now);
                }
                if (proves) {
                    remember(situation, host, check, judgement);
                }
                if (serves) {
                    byHost.put(host.instanceId(), judgement);
                    measurements.tried(situation.desired().resource(), check.type(), TryLedger.Outcome.of(judgement));
                }
            }
            if (!byHost.isEmpty()) {
                silent(situation, check, readiness).forEach(host -> byHost.put(host, UNREACHED));
                judged.put(check, together(byHost));
            }
        }
    }

    /** Hosts that failed a check when they were last asked, and that cannot be asked now. */
    private List<String> silent(Situation situation, HttpCheck check, HttpCheck readiness) {
        return situation.memory().hosts().stream()
                .filter(host -> HostStatus.UNREACHABLE.equals(host.state()))
                .filter(host -> isSame(check, readiness)
                        ? Boolean.FALSE.equals(host.ready())
                        : mayHaveFailed(situation, host, check))
                .map(HostStatus::instanceId)
                .toList();
    }

    /** Which host it was that failed is known to the process that asked it only. */
    private boolean mayHaveFailed(Situation situation, HostStatus host, HttpCheck check) {
        return ledger.seen(key(situation, host, check))
                .map(seen -> seen.missesInARow() > 0)
                .orElseGet(() -> situation.history().tells("Degraded", Reason.EndpointsFailed)
                        && situation.proved(check.type(), check.name()) != CheckResult.Passing);
    }

    private void measure(Situation situation, Asked asked, HttpCheck check, @Nullable List<Prober.Answer> answers) {
        if (answers != null && isAnswered(asked, check, answers)) {
            check.probe()
                    .requests()
                    .forEach(request -> measurements.answered(
                            situation.desired().resource(),
                            check.type(),
                            check.name(),
                            answers.get(asked.requests().indexOf(request))));
        }
    }

    private void remember(Situation situation, HostStatus host, HttpCheck check, Judgement judgement) {
        Map<String, Miss> known = missed.computeIfAbsent(situation.uid(), uid -> new ConcurrentHashMap<>());
        known.keySet()
                .retainAll(situation.memory().hosts().stream()
                        .map(HostStatus::instanceId)
                        .toList());
        if (judgement instanceof Judgement.Missed) {
            known.put(host.instanceId(), new Miss(key(situation, host, check), check.message(judgement)));
        }
    }

    /** What is wrong with a host that fails; after a restart what was told of it before. */
    private String wrong(TryLedger.Key key, HostStatus host, HttpCheck check) {
        Miss miss = missed.getOrDefault(key.uid(), Map.of()).get(host.instanceId());
        return miss != null && miss.key().equals(key)
                ? miss.message()
                : Objects.requireNonNullElseGet(
                        host.message(), () -> "%s is not answered as expected".formatted(check.subject()));
    }

    private static boolean isSame(HttpCheck one, HttpCheck other) {
        return one.type() == other.type() && one.definition().equals(other.definition());
    }

    private static boolean isAmong(List<HostStatus> hosts, HostStatus host) {
        return hosts.stream().anyMatch(each -> each.instanceId().equals(host.instanceId()));
    }

    /** Whether the first answers to what was asked are all that a check needs. */
    private static boolean isAnswered(Asked asked, HttpCheck check, List<Prober.Answer> answers) {
        return check.probe().requests().stream()
                .allMatch(request -> asked.requests().indexOf(request) < answers.size());
    }

    private static Judgement judge(Asked asked, HttpCheck check, @Nullable List<Prober.Answer> answers) {
        if (answers == null || !isAnswered(asked, check, answers)) {
            return new Judgement.Unclear("it could not be asked");
        }
        Prober.Answer first = answers.get(asked.requests().indexOf(check.probe().first()));
        return check.probe().judge(first, further -> {
            int at = asked.requests().indexOf(further);
            return at < 0
                    ? new Prober.Answer.NoResponse(Prober.Fault.REFUSED_ADDRESS, "it was not asked")
                    : answers.get(at);
        });
    }

    private static Judgement together(Map<String, Judgement> byHost) {
        return first(byHost, Judgement.Missed.class)
                .or(() -> first(byHost, Judgement.Unclear.class))
                .orElseGet(Judgement.Passed::new);
    }

    private static Optional<Judgement> first(Map<String, Judgement> byHost, Class<? extends Judgement> kind) {
        return byHost.entrySet().stream()
                .filter(entry -> kind.isInstance(entry.getValue()))
                .findFirst()
                .map(entry -> switch (entry.getValue()) {
                    case Judgement.Missed(String message, boolean ignored) ->
                        new Judgement.Missed("host %s: %s".formatted(entry.getKey(), message), true);
                    case Judgement.Unclear unclear ->
                        new Judgement.Unclear("host %s: %s".formatted(entry.getKey(), unclear.message()));
                    case Judgement.Passed passed -> passed;
                });
    }

    /** Hosts that were just switched over, or back, or that were away since they were proved. */
    private static List<HostStatus> inRoll(Situation situation) {
        RollStatus roll = situation.memory().roll();
        return roll == null || !roll.goesOn() || roll.command() != null
                ? List.of()
                : situation.memory().hosts().stream()
                        .filter(host -> host.step() == HostStep.Activated
                                || host.step() == HostStep.TakenBack
                                || (roll.phase() == RollPhase.Rolling
                                        && host.step() == HostStep.Verified
                                        && host.revision() != null
                                        && host.ready() == null))
                        .filter(HostRounds::mayBeAsked)
                        .toList();
    }

    /** Hosts that ought to run what is judged: in a roll, those that it has not touched. */
    private static List<HostStatus> serving(Situation situation) {
        RollStatus roll = situation.memory().roll();
        boolean underWay = roll != null && roll.goesOn();
        return situation.memory().hosts().stream()
                .filter(host -> host.revision() != null && mayBeAsked(host))
                .filter(host -> !underWay || host.step() == null || host.step() == HostStep.Prepared)
                .toList();
    }

    private static boolean mayBeAsked(HostStatus host) {
        return HostStatus.RUNNING.equals(host.state());
    }

    private Instant due(Situation situation, HostStatus host, HttpCheck readiness, ProbePace pace) {
        return ledger.seen(key(situation, host, readiness))
                .map(seen -> pace.next(seen.lastTry(), seen.tries(), seen.lastOutcome() == TryLedger.Outcome.Pass))
                .orElse(Instant.MIN);
    }

    private @Nullable Instant nextOfRoll(Situation situation, HttpCheck proof, ProbePace pace) {
        return inRoll(situation).stream()
                .map(host -> due(situation, host, proof, pace))
                .map(due -> due.equals(Instant.MIN) ? clock.instant().plus(poll) : due)
                .min(Instant::compareTo)
                .orElse(null);
    }

    private static TryLedger.Key key(Situation situation, HostStatus host, HttpCheck check) {
        RollStatus roll = situation.memory().roll();
        boolean underWay = roll != null && roll.goesOn();
        return new TryLedger.Key(
                situation.uid(),
                host.instanceId(),
                check.qualifiedName(),
                check.definition() + (underWay ? "/" + host.step() : ""),
                roll == null ? null : roll.number());
    }

    private Map<String, HostAnswer> standing(
            Situation situation, HttpCheck readiness, HttpCheck proof, ProbePace pace, int failureThreshold) {
        Map<String, HostAnswer> standing = new HashMap<>();
        List<HostStatus> inRoll = inRoll(situation);
        inRoll.forEach(host -> {
            TryLedger.Key key = key(situation, host, proof);
            standing.put(host.instanceId(), answer(key, host, proof, proved(key, host, Math.max(1, pace.retries()))));
        });
        serving(situation).stream().filter(host -> !inRoll.contains(host)).forEach(host -> {
            TryLedger.Key key = key(situation, host, readiness);
            CheckResult result = ledger.standing(key, failureThreshold, 1, before(host));
            standing.put(host.instanceId(), answer(key, host, readiness, result));
        });
        return standing;
    }

    /** One answer proves a host in a roll; only so many misses in a row, each a back-off after the other, refute it. */
    private CheckResult proved(TryLedger.Key key, HostStatus host, int misses) {
        return ledger.seen(key)
                .map(seen -> seen.lastOutcome() == TryLedger.Outcome.Pass
                        ? CheckResult.Passing
                        : seen.missesInARow() >= misses ? CheckResult.Failing : before(host))
                .orElseGet(() -> before(host));
    }

    private static CheckResult before(HostStatus host) {
        return host.ready() == null ? CheckResult.Unknown : host.ready() ? CheckResult.Passing : CheckResult.Failing;
    }

    private HostAnswer answer(TryLedger.Key key, HostStatus host, HttpCheck check, CheckResult result) {
        return switch (result) {
            case Passing -> new HostAnswer(true, null);
            case Failing -> new HostAnswer(false, wrong(key, host, check));
            case Unknown -> new HostAnswer(null, host.message());
        };
    }
}
