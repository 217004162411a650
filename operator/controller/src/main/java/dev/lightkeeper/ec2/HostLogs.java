package dev.lightkeeper.ec2;

import dev.lightkeeper.aws.AccountSession;
import dev.lightkeeper.aws.Accounts;
import dev.lightkeeper.aws.Admission;
import dev.lightkeeper.aws.AwsAnswer;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.Readings;
import dev.lightkeeper.plan.Timings;
import dev.lightkeeper.verify.LogSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads the runtimes' own logs through SSM. What several resources of an account and region want within a short time is
 * asked for by one command; a service that writes more than its share of an answer is asked for alone. Nobody waits: what
 * is wanted in one run is there in a later one. What is in memory may be lost at any time.
 */
final class HostLogs implements LogSource {
    /** Beside as many logs there is room in an answer for what is told of each. */
    private static final int MOST_SERVICES = 20;

    private static final String MOST_BYTES = "15000";

    /** An agent that has not answered for so long never will. */
    private static final Duration LONGEST = Duration.ofMinutes(4);

    private final Accounts accounts;
    private final Commands commands;
    private final HostScript script;
    private final Readings readings;
    private final Clock clock;
    private final Duration gathering;
    private final Duration patience;
    private final ConcurrentMap<String, Place> places = new ConcurrentHashMap<>();

    HostLogs(Accounts accounts, Commands commands, HostScript script, Readings readings, Timings timings, Clock clock) {
        this.accounts = accounts;
        this.commands = commands;
        this.script = script;
        this.readings = readings;
        this.clock = clock;
        this.gathering = timings.transitionLook();
        this.patience = timings.transitionLook().dividedBy(6);
    }

    /** What a service wants of some hosts: all lines since then. */
    private record Want(Set<String> hosts, Instant since, Instant at, boolean soon) {}

    private record Key(String service, String host) {}

    private record Answer(Instant since, Instant at, Reading reading) {}

    /** What is known of one account and region; guarded by the lock. */
    private static final class Place {
        private final ReentrantLock lock = new ReentrantLock();
        private final Map<String, Want> wants = new TreeMap<>();
        private final Map<Key, Answer> answers = new HashMap<>();
        private final Set<String> talkative = new HashSet<>();

        /** Each asks for the log of some services since some time. */
        private final CommandsUnderWay<Map<String, Instant>> asked;

        private Place(CommandsUnderWay<Map<String, Instant>> asked) {
            this.asked = asked;
        }
    }

    @Override
    public Map<String, Reading> read(DesiredState desired, Wanted wanted) {
        if (!(accounts.admitHosts(desired.spec(), desired.resource().namespace())
                instanceof Admission.Granted granted)) {
            return Map.of();
        }
        AccountSession session = granted.session();
        String region = granted.check().region();
        String service = HostRelease.service(desired.resource());
        Place place = places.computeIfAbsent(
                session.account() + " " + region, key -> new Place(new CommandsUnderWay<>(patience, LONGEST)));
        // Who comes while another asks comes again: one host that hangs holds up nobody.
        if (!place.lock.tryLock()) {
            return Map.of();
        }
        try {
            Instant now = clock.instant();
            collect(place, session, region, now);
            Map<String, Reading> made = taken(place, service, wanted);
            want(place, service, wanted, made.keySet(), now);
            boolean due = place.wants.values().stream()
                    .anyMatch(want -> want.soon() || !now.isBefore(want.at().plus(gathering)));
            if (due) {
                ask(place, session, region, now);
            }
            return made;
        } finally {
            place.lock.unlock();
        }
    }

    /** An answer is given once: to whoever wants no more than what it was asked for. */
    private Map<String, Reading> taken(Place place, String service, Wanted wanted) {
        Map<String, Reading> taken = new HashMap<>();
        wanted.since().forEach((host, since) -> {
            Key key = new Key(service, host);
            readings.wanted(Readings.Kind.LOG, key);
            Answer answer = place.answers.remove(key);
            if (answer != null && !answer.since().isAfter(since)) {
                taken.put(host, answer.reading());
                if (answer.reading() instanceof Reading.Lines) {
                    readings.made(Readings.Kind.LOG, key);
                }
            }
        });
        return taken;
    }

    private static void want(Place place, String service, Wanted wanted, Set<String> taken, Instant now) {
        Set<String> hosts = new HashSet<>();
        Instant since = Instant.MAX;
        for (Map.Entry<String, Instant> one : wanted.since().entrySet()) {
            boolean underWay = taken.contains(one.getKey())
                    || place.asked
                            .awaited(asked -> !asked.question()
                                    .getOrDefault(service, Instant.MAX)
                                    .isAfter(one.getValue()))
                            .contains(one.getKey());
            if (!underWay) {
                hosts.add(one.getKey());
                since = one.getValue().isBefore(since) ? one.getValue() : since;
            }
        }
        Want before = place.wants.remove(service);
        if (!hosts.isEmpty()) {
            place.wants.put(service, new Want(hosts, since, before == null ? now : before.at(), wanted.soon()));
        }
    }

    private void collect(Place place, AccountSession session, String region, Instant now) {
        place.answers.values().removeIf(answer -> now.isAfter(answer.at().plus(LONGEST.multipliedBy(2))));
        place.asked.collect(
                asked -> commands.results(session, region, asked.commandId(), asked.hosts()::contains),
                (asked, host, result) -> {
                    Optional<HostResponse> response = HostResponse.read(result == null ? null : result.output())
                            .filter(HostResponse::isDone);
                    Map<String, HostLog> logs = response.map(
                                    told -> told.logs(asked.question().keySet()))
                            .orElse(Map.of());
                    Instant time = response.flatMap(HostResponse::time).orElse(Instant.EPOCH);
                    asked.question()
                            .forEach((service, since) -> keep(
                                    place,
                                    asked.at(),
                                    service,
                                    since,
                                    host,
                                    Optional.ofNullable(logs.get(service)),
                                    time,
                                    now));
                },
                now);
    }

    private static void keep(
            Place place,
            Instant askedAt,
            String service,
            Instant since,
            String host,
            Optional<HostLog> log,
            Instant time,
            Instant now) {
        if (log.filter(HostLog::cut).isPresent()) {
            place.talkative.add(service);
        }
        Reading reading = log.map(told -> reading(askedAt, host, told, time, now))
                .orElseGet(() -> new Reading.Unreadable(
                        new Failure.Transient("HostSilent", "host %s did not tell its log".formatted(host), false)));
        place.answers.put(new Key(service, host), new Answer(since, askedAt, reading));
    }

    private static Reading reading(Instant askedAt, String host, HostLog log, Instant time, Instant now) {
        if (!log.readable()) {
            return new Reading.Missing(new Failure.Terminal(
                    "LogUnreadable",
                    "host %s: its runtime does not give the log out (log driver \"%s\"); use one that can be read, or declare ec2.logGroup"
                            .formatted(host, log.kind())));
        }
        Instant at = log.activated();
        Start start =
                at == null ? null : new Start(at, at.isBefore(time) ? now.minus(Duration.between(at, time)) : now);
        return new Reading.Lines(log.lines(), true, new OfHost(askedAt, start, log.cut()));
    }

    private record Batch(Map<String, Instant> since, Set<String> hosts) {
        boolean hasRoomFor(Want want) {
            Set<String> all = new HashSet<>(hosts);
            all.addAll(want.hosts());
            return since.size() < MOST_SERVICES && all.size() <= Commands.MOST_HOSTS;
        }

        void add(String service, Want want) {
            since.put(service, want.since());
            hosts.addAll(want.hosts());
        }
    }

    /** Everything that is wanted is asked for together, also what could still wait. */
    private void ask(Place place, AccountSession session, String region, Instant now) {
        List<Batch> batches = new ArrayList<>();
        Batch shared = null;
        for (Map.Entry<String, Want> wanted : place.wants.entrySet()) {
            boolean alone = place.talkative.contains(wanted.getKey());
            Batch batch = !alone && shared != null && shared.hasRoomFor(wanted.getValue())
                    ? shared
                    : new Batch(new TreeMap<>(), new HashSet<>());
            if (batch.hosts().isEmpty()) {
                batches.add(batch);
            }
            batch.add(wanted.getKey(), wanted.getValue());
            shared = alone ? shared : batch;
        }
        for (Batch batch : batches) {
            send(place, session, region, batch, now);
        }
    }

    private void send(Place place, AccountSession session, String region, Batch batch, Instant now) {
        ScriptRequest request = ScriptRequest.of("logs").line("limitBytes", MOST_BYTES);
        batch.since()
                .forEach((service, since) -> request.line("log", service)
                        .line("sinceEpochSeconds", String.valueOf(Math.max(0, since.getEpochSecond()))));
        if (!(script.commands(request) instanceof HostScript.Commands.Fitting(List<String> lines))) {
            return;
        }
        List<String> all = batch.hosts().stream().sorted().toList();
        commands.ask(
                session,
                region,
                all,
                new Commands.Question("logs", lines, Commands.MAY_ANSWER),
                (hosts, answer) -> sent(place, new Batch(batch.since(), Set.copyOf(hosts)), answer, now));
    }

    private static void sent(Place place, Batch batch, AwsAnswer<String> answer, Instant now) {
        switch (answer) {
            case AwsAnswer.Answered<String>(String id) ->
                place.asked.began(id, now, Map.copyOf(batch.since()), batch.hosts());
            case AwsAnswer.Failed<String>(Failure.Throttled ignored) -> {
                return;
            }
            case AwsAnswer.Failed<String>(Failure failure) -> {
                Reading none = failure instanceof Failure.Denied
                        ? new Reading.Missing(failure)
                        : new Reading.Unreadable(failure);
                batch.hosts()
                        .forEach(host -> batch.since()
                                .forEach((service, since) ->
                                        place.answers.put(new Key(service, host), new Answer(since, now, none))));
            }
        }
        place.wants.keySet().removeAll(batch.since().keySet());
    }
}
