package dev.lightkeeper.ec2;

import dev.lightkeeper.api.v1alpha1.Ec2Target;
import dev.lightkeeper.api.v1alpha1.HostCommandStatus;
import dev.lightkeeper.api.v1alpha1.HostSelector;
import dev.lightkeeper.aws.AccountSession;
import dev.lightkeeper.aws.Accounts;
import dev.lightkeeper.aws.Admission;
import dev.lightkeeper.aws.FleetCache;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.AccountCheck;
import dev.lightkeeper.observe.HostOutcome;
import dev.lightkeeper.observe.HostReport;
import dev.lightkeeper.observe.LiveCommand;
import dev.lightkeeper.observe.LiveHost;
import dev.lightkeeper.observe.LiveHosts;
import dev.lightkeeper.observe.LiveState;
import dev.lightkeeper.observe.Look;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.observe.Observer;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks at the hosts of a service: which there are, what runs on them, and what became of what they were told. */
public final class HostObserver implements Observer {
    private final Accounts accounts;
    private final Instances instances;
    private final Inspections inspections;
    private final Commands commands;

    HostObserver(Accounts accounts, Instances instances, Inspections inspections, Commands commands) {
        this.accounts = accounts;
        this.instances = instances;
        this.inspections = inspections;
        this.commands = commands;
    }

    @Override
    public LiveState look(Look look) {
        DesiredState desired = look.desired();
        Admission admission =
                accounts.admitHosts(desired.spec(), desired.resource().namespace());
        return switch (admission) {
            case Admission.Withheld(AccountCheck check) -> LiveState.ofHosts(check, Observed.notLooked());
            case Admission.Granted granted ->
                granted.check().isElsewhereThan(look.pinned())
                        ? LiveState.ofHosts(granted.check(), Observed.notLooked())
                        : look(look, granted);
        };
    }

    private LiveState look(Look look, Admission.Granted granted) {
        AccountSession session = granted.session();
        String region = granted.check().region();
        Map<String, String> required = Accounts.instanceTags(granted.account());
        return switch (instances.of(session, region, required)) {
            case FleetCache.Fleet.Unlisted<Instances.Seen>(Failure failure) ->
                LiveState.ofHosts(
                        failure instanceof Failure.Denied denied ? Accounts.refused(denied) : granted.check(),
                        new Observed.Unknown<>(failure));
            case FleetCache.Fleet.Listed<Instances.Seen> listed -> {
                List<Instances.Seen> matching = matching(look.desired(), listed.services());
                LiveHosts hosts = new LiveHosts(hosts(look, session, region, matching), command(look, session, region));
                yield inspections
                        .denied(session, region)
                        .map(denied -> LiveState.ofHosts(Accounts.refused(denied), new Observed.Unknown<>(denied)))
                        .orElseGet(() -> LiveState.ofHosts(granted.check(), new Observed.Present<>(hosts)));
            }
        };
    }

    private static List<Instances.Seen> matching(DesiredState desired, Map<String, Observed<Instances.Seen>> all) {
        Ec2Target target = Objects.requireNonNull(desired.spec().ec2(), "it is on hosts");
        HostSelector select = target.hosts().select();
        return all.values().stream()
                .flatMap(seen -> seen instanceof Observed.Present<Instances.Seen>(Instances.Seen instance)
                        ? Stream.of(instance)
                        : Stream.<Instances.Seen>empty())
                .filter(seen -> select.instanceIds().isEmpty()
                        ? !select.tags().isEmpty()
                                && seen.tags()
                                        .entrySet()
                                        .containsAll(select.tags().entrySet())
                        : select.instanceIds().contains(seen.id()))
                .sorted(Comparator.comparing(Instances.Seen::id))
                .toList();
    }

    private List<LiveHost> hosts(Look look, AccountSession session, String region, List<Instances.Seen> matching) {
        Set<String> online = matching.stream()
                .filter(seen -> seen.online() && seen.state().equals("running"))
                .map(Instances.Seen::id)
                .collect(Collectors.toCollection(TreeSet::new));
        Map<String, HostReport> reports = online.isEmpty()
                ? Map.of()
                : inspections.of(
                        session,
                        region,
                        online,
                        look.changedAfter(),
                        HostRelease.service(look.desired().resource()));
        return matching.stream()
                .map(seen -> {
                    HostReport report = reports.get(seen.id());
                    return new LiveHost(
                            seen.id(),
                            seen.state(),
                            online.contains(seen.id()),
                            report == null ? Observed.notLooked() : new Observed.Present<>(report));
                })
                .toList();
    }

    private Observed<LiveCommand> command(Look look, AccountSession session, String region) {
        HostCommandStatus command = look.command();
        if (command == null) {
            return Observed.notLooked();
        }
        Observed<String> id = command.commandId() != null
                ? new Observed.Present<>(command.commandId())
                : commands.find(
                        session,
                        region,
                        command.operationId(),
                        Objects.requireNonNullElse(command.sentTime(), Instant.EPOCH));
        return switch (id) {
            case Observed.Absent<String>() -> new Observed.Absent<>();
            case Observed.Unknown<String>(Failure failure) -> new Observed.Unknown<>(failure);
            case Observed.Present<String>(String found) ->
                switch (commands.results(session, region, found)) {
                    case Observed.Present<Map<String, Commands.Result>>(Map<String, Commands.Result> results) ->
                        new Observed.Present<>(new LiveCommand(found, outcomes(results)));
                    case Observed.Absent<Map<String, Commands.Result>>() -> new Observed.Absent<>();
                    case Observed.Unknown<Map<String, Commands.Result>>(Failure failure) ->
                        new Observed.Unknown<>(failure);
                };
        };
    }

    private static Map<String, HostOutcome> outcomes(Map<String, Commands.Result> results) {
        Map<String, HostOutcome> outcomes = new HashMap<>();
        results.forEach((host, result) -> outcomes.put(host, outcome(result)));
        return outcomes;
    }

    /** Goes by SSM's details and by what the script itself says; a script that ended without a word did not do it. */
    static HostOutcome outcome(Commands.Result result) {
        if (!result.hasEnded()) {
            return new HostOutcome.Running();
        }
        if (result.neverRan()) {
            return new HostOutcome.NotRun(result.details());
        }
        if (!result.ran()) {
            return new HostOutcome.MayHaveRun(result.details());
        }
        return HostResponse.read(result.output())
                .map(HostObserver::outcome)
                .orElseGet(() -> new HostOutcome.Failed(
                        "NoAnswer",
                        "the host script ended with %d and gave no answer that can be read"
                                .formatted(result.exitCode())));
    }

    private static HostOutcome outcome(HostResponse response) {
        if (response.isBusy()) {
            return new HostOutcome.Failed("Busy", response.message());
        }
        if (response.isDone() || !response.problems().isEmpty()) {
            return new HostOutcome.Done(response.problems());
        }
        return new HostOutcome.Failed(response.code(), response.message());
    }
}
