package dev.lightkeeper.simulators.aws.ssm;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a test or a person can see and do to the commands of one account and region past the API. */
public final class CommandControl {
    private final RunCommand commands;
    private final String account;
    private final String region;

    CommandControl(RunCommand commands, String account, String region) {
        this.commands = commands;
        this.account = account;
        this.region = region;
    }

    /**
     * How a command really stands. Its script and its output are not told, since they may hold secrets.
     *
     * @param id of the command
     * @param comment that it was sent with; empty without
     * @param requestedAt simulated time
     * @param status details of the whole
     * @param instances details by instance id
     */
    public record CommandView(
            String id, String comment, Instant requestedAt, String status, Map<String, String> instances) {}

    /** {@return all commands, newest first, also those that reads do not find yet} */
    public List<CommandView> commands() {
        return commands.locked(
                account,
                region,
                place -> place.commands.values().stream().map(this::view).toList());
    }

    /**
     * Takes away the right to send commands to an instance, or gives it back.
     *
     * @param instanceId of the instance
     * @param denied whether nobody may
     */
    public void deny(String instanceId, boolean denied) {
        boolean _ = commands.locked(
                account, region, place -> denied ? place.denied.add(instanceId) : place.denied.remove(instanceId));
    }

    /**
     * Lets commands to stopped instances be accepted, and wait until they time out, instead of being refused. AWS has
     * been seen to do either.
     *
     * @param accepted whether they are
     */
    public void acceptStopped(boolean accepted) {
        boolean _ = commands.locked(account, region, place -> place.acceptsStopped = accepted);
    }

    private CommandView view(Command command) {
        Instant now = commands.now();
        Map<String, String> instances = new TreeMap<>();
        command.invocations.forEach(
                (id, invocation) -> instances.put(id, invocation.status().details()));
        String comment = command.request.input().string("Comment");
        return new CommandView(
                command.id,
                comment == null ? "" : comment,
                command.requestedAt,
                command.status(now).details(),
                instances);
    }
}
