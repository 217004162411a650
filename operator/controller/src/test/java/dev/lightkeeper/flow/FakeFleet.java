package dev.lightkeeper.flow;

import dev.lightkeeper.act.CloudWriter;
import dev.lightkeeper.api.v1alpha1.HostCommandStatus;
import dev.lightkeeper.api.v1alpha1.Logging;
import dev.lightkeeper.aws.CallPause;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.HostTemplate;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.AccountCheck;
import dev.lightkeeper.observe.HostOutcome;
import dev.lightkeeper.observe.HostProblem;
import dev.lightkeeper.observe.HostReport;
import dev.lightkeeper.observe.LiveCommand;
import dev.lightkeeper.observe.LiveHost;
import dev.lightkeeper.observe.LiveHosts;
import dev.lightkeeper.observe.LiveState;
import dev.lightkeeper.observe.Look;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.observe.Observer;
import dev.lightkeeper.plan.Action;
import dev.lightkeeper.plan.Timings;
import dev.lightkeeper.verify.HostProber;
import dev.lightkeeper.verify.Prober;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** EC2 and SSM with the host script, as the ports of the operator see them. A command takes some seconds to end. */
final class FakeFleet implements Observer, CloudWriter, HostProber {
    private static final Duration REMEMBERED = Duration.ofMinutes(10);
    private static final Failure UNANSWERED = new Failure.Transient("Timeout", "no answer came", false);
    private static final Set<String> CHANGING = Set.of("activate", "rollback", "remove");
    private Duration takes = Duration.ofSeconds(4);

    /** How the next SendCommand fares. */
    enum Fault {
        LOST_AFTER,
        LOST_BEFORE,
        THROTTLED
    }

    private static final class Command {
        final String id;
        final HostCommandStatus told;
        final Action.CommandHosts action;
        final Instant sent;
        final Instant due;
        final Map<String, HostOutcome> outcomes = new HashMap<>();

        Command(String id, Action.CommandHosts action, Instant sent, Instant due) {
            this.id = id;
            this.sent = sent;
            this.told = action.command();
            this.action = action;
            this.due = due;
        }
    }

    private record Asked(List<String> hosts, List<Prober.Request> requests, Instant due) {}

    private final InstantSource clock;
    private final Map<String, FakeHost> hosts = new TreeMap<>();
    private final List<Command> commands = new ArrayList<>();
    private final Map<String, Asked> asked = new LinkedHashMap<>();
    private final List<String> audit = new ArrayList<>();
    private final List<String> offences = new ArrayList<>();
    private final Deque<Fault> faults = new ArrayDeque<>();
    private final Set<String> sick = new HashSet<>();
    private final Set<String> lacking = new HashSet<>();
    private final Set<String> cannotStart = new HashSet<>();
    private final Map<String, String> preflight = new HashMap<>();
    private final Map<String, String> preparation = new HashMap<>();
    private final Map<String, HostOutcome> failing = new HashMap<>();
    private final FakeHostLog log;
    private final CallPause sending =
            new CallPause(Timings.standard().transitionLook().dividedBy(3));
    private final CallPause reading =
            new CallPause(Timings.standard().transitionLook().dividedBy(3));
    private Function<String, HostOutcome> unusual = id -> null;
    private boolean answers = true;
    private boolean commandsAnswer = true;
    private Failure refusal;
    private Failure resultsRefusal;
    private Instant seenAsOf;
    private int begun;
    private int sendsRefused;
    private int mostAnswers = Integer.MAX_VALUE;
    private final Conduct conduct = new Conduct(offences::add);

    private AccountCheck account = new AccountCheck.Verified("111122223333", "us-east-2", true, false);

    FakeFleet(InstantSource clock) {
        this.clock = clock;
        log = new FakeHostLog(clock);
    }

    /** What the hosts write. */
    FakeHostLog log() {
        return log;
    }

    /** Of each round of probes no more than the first answers come through. */
    void answersOnly(int first) {
        mostAnswers = first;
    }

    /** What the account's checks say from now on. */
    void account(AccountCheck check) {
        account = check;
    }

    FakeHost add(String id) {
        return hosts.computeIfAbsent(id, FakeHost::new);
    }

    FakeHost host(String id) {
        return hosts.get(id);
    }

    /** What was sent, in words: verb, hosts. */
    List<String> audit() {
        return audit;
    }

    /** When a host was first told to run something else, or nothing, after so many commands. */
    Optional<Instant> firstChange(int after) {
        return commands.stream()
                .skip(after)
                .filter(command -> CHANGING.contains(command.told.verb()))
                .map(command -> command.sent)
                .findFirst();
    }

    /** How often anything was asked for, commands and rolls. */
    int mutations() {
        return begun + audit.size();
    }

    List<String> offences() {
        return offences;
    }

    int faultsLeft() {
        return faults.size();
    }

    void nextCall(Fault fault) {
        faults.add(fault);
    }

    void sick(String image) {
        sick.add(image);
    }

    /** Answers 404 there. */
    void lacks(String image, String path) {
        lacking.add(image + " " + path);
    }

    /** The paths that the host was asked for until now, in their order. */
    List<String> askedOf(String host) {
        return asked.values().stream()
                .filter(round -> round.hosts().contains(host))
                .flatMap(round -> round.requests().stream())
                .map(request -> request.uri().getPath())
                .toList();
    }

    void cannotStart(String image) {
        cannotStart.add(image);
    }

    /** A host finds that so, whatever release it is asked about: words and, in parentheses, the code. */
    void finds(String host, String problem) {
        preflight.put(host, problem);
    }

    /** A host finds so when the release is brought to it. */
    void cannotPrepare(String host, String problem) {
        preparation.put(host, problem);
    }

    private static String logging(Action.CommandHosts action) {
        Logging logging = HostTemplate.of(action.source().spec().ec2()).logging();
        return logging == null ? "" : logging.driver() + " " + logging.options();
    }

    private static HostProblem problem(String text) {
        int code = text.lastIndexOf(" (");
        return new HostProblem(text.substring(code + 2, text.length() - 1), text.substring(0, code));
    }

    /** Whenever a host is told that, this comes of it and nothing else; null ends it. */
    void fails(String host, String verb, HostOutcome outcome) {
        failing.put(host + " " + verb, outcome);
    }

    /** Nothing stands in the way of anything any more. */
    void cureAll() {
        noFaults();
        sick.clear();
        lacking.clear();
        cannotStart.clear();
        preflight.clear();
        preparation.clear();
        failing.clear();
        hosts.values().forEach(FakeHost::cure);
    }

    /** What becomes of the next commands on a host, where it is not null. */
    void unusually(Function<String, HostOutcome> how) {
        unusual = how;
    }

    /** From now on hosts are seen as they were before the first release, until null is given. */
    void seenAsOf(Instant before) {
        seenAsOf = before;
    }

    /** How long the commands last that are sent from now on. */
    void takes(Duration duration) {
        takes = duration;
    }

    /** Whether AWS answers at all. */
    void answers(boolean is) {
        answers = is;
    }

    /** Whether SSM says what became of commands. */
    void commandsAnswer(boolean does) {
        commandsAnswer = does;
    }

    /** SSM takes no command any more, for that reason; null ends it. */
    void refuses(Failure always) {
        refusal = always;
    }

    /** SSM does not tell what became of anything any more, for that reason; null ends it. */
    void resultsRefused(Failure always) {
        resultsRefusal = always;
    }

    /** How many commands of rolls met {@link #refuses}. */
    int sendsRefused() {
        return sendsRefused;
    }

    void noFaults() {
        faults.clear();
        refusal = null;
        resultsRefusal = null;
        answers = true;
        commandsAnswer = true;
        unusual = id -> null;
        seenAsOf = null;
    }

    void cured(String image) {
        sick.remove(image);
        cannotStart.remove(image);
    }

    boolean isSick(String image) {
        return sick.contains(image);
    }

    Collection<FakeHost> hosts() {
        return hosts.values();
    }

    /** The most hosts that one roll had switched over and not yet proved, at any time. */
    int mostOut() {
        return conduct.mostOut();
    }

    /** What runs on every host that has something, host by host. */
    Map<String, String> running() {
        Map<String, String> running = new TreeMap<>();
        hosts.values().stream()
                .filter(host -> host.state.equals("running"))
                .forEach(host -> running.put(host.id, "%s %s".formatted(host.current, host.running.values())));
        return running;
    }

    private void work() {
        Instant now = clock.instant();
        for (Command command : commands) {
            if (!now.isBefore(command.due)) {
                for (String id : command.told.instanceIds()) {
                    command.outcomes.computeIfAbsent(id, host -> outcome(command, hosts.get(host)));
                }
            }
        }
    }

    private HostOutcome outcome(Command command, FakeHost host) {
        HostOutcome other = unusual.apply(host.id);
        if (other != null) {
            return other;
        }
        if (!host.answers()) {
            return new HostOutcome.NotRun("DeliveryTimedOut");
        }
        if (failing.get(host.id + " " + command.told.verb()) != null) {
            return failing.get(host.id + " " + command.told.verb());
        }
        if (!host.operations.add(command.told.operationId())) {
            offences.add("told twice: " + command.told.operationId());
        }
        host.lastOperation = command.told.operationId();
        Action.CommandHosts action = command.action;
        String revision = action.roll().revision();
        switch (command.told.verb()) {
            case "inspect" -> {
                String problem = preflight.get(host.id);
                return new HostOutcome.Done(problem == null ? List.of() : List.of(problem(problem)));
            }
            case "prepare" -> {
                if (preflight.get(host.id) != null) {
                    return new HostOutcome.Done(List.of(problem(preflight.get(host.id))));
                }
                host.known = true;
                if (preparation.get(host.id) != null) {
                    HostProblem found = problem(preparation.get(host.id));
                    return new HostOutcome.Failed(found.code(), found.message());
                }
                Map<String, String> images = new TreeMap<>();
                action.source()
                        .release()
                        .digested()
                        .containers()
                        .forEach((name, container) -> images.put(name, container.image()));
                Map<String, String> environment = new TreeMap<>();
                action.source()
                        .release()
                        .content()
                        .containers()
                        .values()
                        .forEach(container -> container
                                .environment()
                                .forEach((name, value) -> environment.put(name, value.reveal())));
                host.releases.put(
                        revision, new FakeHost.Laid(action.fingerprint(), images, environment, logging(action)));
            }
            case "activate" -> {
                FakeHost.Laid laid = host.releases.get(revision);
                if (laid == null) {
                    offences.add("activated without being prepared: " + revision);
                    return new HostOutcome.Failed("RequestInvalid", "not prepared");
                }
                if (laid.images().values().stream().anyMatch(cannotStart::contains)) {
                    return new HostOutcome.Failed("StartFailed", "the container did not start");
                }
                host.activate(revision);
                log.activated(host);
            }
            case "rollback" -> {
                boolean back = action.roll().phase().name().equals("TakingBack");
                host.activate(back ? action.roll().servingRevision() : revision);
                log.activated(host);
            }
            case "remove" -> host.remove();
            default -> offences.add("no such verb: " + command.told.verb());
        }
        return new HostOutcome.Done(List.of());
    }

    @Override
    public LiveState look(Look look) {
        work();
        if (!answers) {
            return LiveState.ofHosts(account, new Observed.Unknown<>(UNANSWERED));
        }
        List<LiveHost> live = hosts.values().stream()
                .filter(host -> host.matches)
                .map(host -> new LiveHost(host.id, host.state, host.answers(), report(host)))
                .toList();
        return LiveState.ofHosts(account, new Observed.Present<>(new LiveHosts(live, command(look.command()))));
    }

    /** What a host has told last, while that is not too long ago. */
    private Observed<HostReport> report(FakeHost host) {
        if (!host.answers()) {
            return Observed.notLooked();
        }
        if (commandsAnswer && refusal == null && resultsRefusal == null && !host.mute) {
            Instant readAt = seenAsOf == null ? clock.instant() : seenAsOf;
            host.told = new HostReport(readAt, host.clockAhead, seenAsOf == null ? host.installed() : null);
        }
        return host.told == null || !clock.instant().isBefore(host.told.readAt().plus(REMEMBERED))
                ? Observed.notLooked()
                : new Observed.Present<>(host.told);
    }

    private Observed<LiveCommand> command(HostCommandStatus wanted) {
        if (wanted == null) {
            return Observed.notLooked();
        }
        if (!commandsAnswer || resultsRefusal != null) {
            return new Observed.Unknown<>(commandsAnswer ? resultsRefusal : UNANSWERED);
        }
        return commands.stream()
                .filter(command -> command.told.operationId().equals(wanted.operationId()))
                .findFirst()
                .<Observed<LiveCommand>>map(
                        command -> new Observed.Present<>(new LiveCommand(command.id, command.outcomes)))
                .orElseGet(Observed.Absent::new);
    }

    @Override
    public Answer apply(DesiredState desired, Action action) {
        if (!(action instanceof Action.CommandHosts command)) {
            begun++;
            return new Answer.Accepted(null, null);
        }
        if (refusal != null) {
            sendsRefused++;
            return new Answer.Refused(refusal);
        }
        Fault fault = faults.poll();
        if (fault == Fault.THROTTLED) {
            return new Answer.Refused(new Failure.Throttled("Rate exceeded"));
        }
        Answer lost = new Answer.Refused(new Failure.Transient("Timeout", "no answer came", true));
        if (fault == Fault.LOST_BEFORE) {
            return lost;
        }
        boolean twice = commands.stream()
                .anyMatch(
                        sent -> sent.told.operationId().equals(command.command().operationId()));
        if (twice) {
            offences.add("sent twice: " + command.command().operationId());
        }
        command.command().instanceIds().stream()
                .filter(id -> !answers || !hosts.get(id).answers())
                .forEach(id -> offences.add("told although it is away, or nothing is known: " + id));
        conduct.sent(desired.spec(), command, hosts);
        String id = "command-" + (commands.size() + 1);
        commands.add(new Command(id, command, clock.instant(), clock.instant().plus(takes)));
        audit.add("%s %s"
                .formatted(
                        command.command().verb(),
                        String.join(" ", command.command().instanceIds())));
        return fault == Fault.LOST_AFTER ? lost : new Answer.Accepted(null, null, id);
    }

    /** Whether a call is held back, or fails. */
    private boolean isPaused(CallPause pause, Failure failure) {
        int before = pause.begun();
        if (pause.enter(clock.instant()) == null) {
            if (failure == null) {
                pause.worked(before);
                return false;
            }
            pause.failed(before, failure, clock.instant());
        }
        return true;
    }

    @Override
    public Reply<String> begin(DesiredState desired, List<String> of, List<Prober.Request> requests) {
        if (clock.instant().isBefore(reading.over())) {
            return new Reply.NotNow<>(reading.over());
        }
        if (isPaused(sending, answers ? refusal : UNANSWERED)) {
            return new Reply.NotNow<>(sending.over());
        }
        String ticket = "ticket-" + (asked.size() + 1);
        asked.put(ticket, new Asked(of, requests, clock.instant().plus(takes)));
        return new Reply.Given<>(ticket);
    }

    @Override
    public Reply<Map<String, List<Prober.Answer>>> answers(DesiredState desired, String ticket) {
        Asked round = asked.get(ticket);
        if (isPaused(reading, answers && commandsAnswer ? resultsRefusal : UNANSWERED)) {
            return new Reply.NotNow<>(reading.over());
        }
        if (clock.instant().isBefore(round.due())) {
            return new Reply.NotNow<>(null);
        }
        return new Reply.Given<>(round.hosts().stream()
                .map(hosts::get)
                .filter(host -> host.answers() && !host.mute)
                .collect(Collectors.toMap(
                        host -> host.id,
                        host -> round.requests().stream()
                                .limit(mostAnswers)
                                .map(request -> answer(host, request))
                                .toList())));
    }

    private Prober.Answer answer(FakeHost host, Prober.Request request) {
        if (host.running.isEmpty()) {
            return FakeProber.unreachable();
        }
        String path = request.uri().getPath();
        if (host.running.values().stream().anyMatch(image -> lacking.contains(image + " " + path))) {
            return FakeProber.status(404);
        }
        boolean well = !host.sick
                && !host.broken.contains(path)
                && host.running.values().stream().noneMatch(sick::contains);
        return FakeProber.status(well ? 200 : 500);
    }
}
