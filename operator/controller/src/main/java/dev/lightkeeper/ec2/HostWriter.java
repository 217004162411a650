package dev.lightkeeper.ec2;

import dev.lightkeeper.act.CloudWriter;
import dev.lightkeeper.aws.Accounts;
import dev.lightkeeper.aws.Admission;
import dev.lightkeeper.aws.AwsAnswer;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.SecretText;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.AccountCheck;
import dev.lightkeeper.plan.Action;
import java.util.List;

/** Tells hosts what to do. A roll itself needs no call: it is begun by being written down. */
public final class HostWriter implements CloudWriter {
    private final Accounts accounts;
    private final Commands commands;
    private final HostScript script;
    private final HostRelease releases;

    HostWriter(Accounts accounts, Commands commands, HostScript script, String clusterUid) {
        this.accounts = accounts;
        this.commands = commands;
        this.script = script;
        this.releases = new HostRelease(clusterUid);
    }

    @Override
    public Answer apply(DesiredState desired, Action action) {
        return switch (action) {
            case Action.CommandHosts command -> send(desired, command);
            case Action.Deploy ignored -> new Answer.Accepted(null, null);
            case Action.UpdateCapacity ignored -> new Answer.Accepted(null, null);
            case Action.CreateService ignored -> notOnHosts(action);
            case Action.UpdateAccess ignored -> notOnHosts(action);
            case Action.ChangeTags ignored -> notOnHosts(action);
            case Action.DeleteService ignored -> notOnHosts(action);
        };
    }

    private static Answer notOnHosts(Action action) {
        throw new IllegalStateException("nothing that is done on hosts: " + action.describe());
    }

    private Answer send(DesiredState desired, Action.CommandHosts command) {
        // An older revision has a user and a log group of its own.
        DesiredState told = command.source() == null ? desired : command.source();
        return switch (accounts.admitHosts(told.spec(), desired.resource().namespace())) {
            case Admission.Withheld(AccountCheck check) -> new Answer.Refused(withheld(check));
            case Admission.Granted granted ->
                switch (script.commands(releases.request(desired, command))) {
                    case HostScript.Commands.TooLong(Failure.Terminal failure) -> new Answer.Refused(failure);
                    case HostScript.Commands.Fitting(List<String> lines) -> send(granted, desired, command, lines);
                };
        };
    }

    private Answer send(
            Admission.Granted granted, DesiredState desired, Action.CommandHosts command, List<String> lines) {
        AwsAnswer<String> answer = commands.send(
                granted.session(),
                granted.check().region(),
                command.command().instanceIds(),
                command.command().operationId(),
                lines,
                HostRelease.mayRun(desired, command),
                values(command));
        return switch (answer) {
            case AwsAnswer.Answered<String>(String id) -> new Answer.Accepted(null, null, id);
            case AwsAnswer.Failed<String>(Failure failure) -> new Answer.Refused(Accounts.blamed(failure));
        };
    }

    private static List<SecretText> values(Action.CommandHosts command) {
        DesiredState source = command.source();
        return source == null || source.release() == null
                ? List.of()
                : source.release().content().containers().values().stream()
                        .flatMap(container -> container.environment().values().stream())
                        .toList();
    }

    private static Failure withheld(AccountCheck check) {
        return switch (check) {
            case AccountCheck.Refused refused ->
                new Failure.Denied(refused.reason().name(), Commands.SEND, refused.message());
            case AccountCheck.Unavailable unavailable -> unavailable.failure();
            case AccountCheck.Verified ignored -> throw new IllegalStateException("a verified account is no obstacle");
        };
    }
}
