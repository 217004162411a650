package dev.lightkeeper.simulators.aws.ssm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.ec2.InstanceView;
import dev.lightkeeper.simulators.aws.http.Answer;
import dev.lightkeeper.simulators.aws.http.ApiError;
import dev.lightkeeper.simulators.aws.http.Input;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Operations of Run Command that change nothing. They know a command only some time after it was sent. */
final class CommandReads {
    private static final Pages FIFTY = new Pages(50);
    private static final Set<String> COMMAND_FILTERS =
            Set.of("InvokedAfter", "InvokedBefore", "Status", "ExecutionStage", "DocumentName");
    private static final Set<String> INVOCATION_FILTERS = Set.of("InvokedAfter", "InvokedBefore", "Status");
    private static final int MOST_FILTERS = 5;

    Answer list(CommandPlace place, Input input, Instant at) {
        String id = commandId(input);
        String instanceId = instanceId(input);
        List<Input> filters = filters(input, COMMAND_FILTERS);
        NavigableMap<String, Command> wanted = visible(place, id, at);
        wanted.values().removeIf(command -> {
            Command.Status status = command.status(at);
            boolean over = command.statuses(at).stream().allMatch(InvocationStatus::isOver);
            return (instanceId != null && !command.invocations.containsKey(instanceId))
                    || !matches(filters, command, status.status(), status.details(), over);
        });
        ObjectNode body = CommandWire.object();
        ArrayNode commands = body.putArray("Commands");
        FIFTY.page(wanted, input, body).forEach(command -> commands.add(CommandWire.command(command, at)));
        return Answer.read(body);
    }

    Answer invocations(CommandPlace place, Input input, Instant at) {
        record Found(Command command, Invocation invocation) {}
        String id = commandId(input);
        String instanceId = instanceId(input);
        boolean details = Boolean.TRUE.equals(input.bool("Details"));
        List<Input> filters = filters(input, INVOCATION_FILTERS);
        NavigableMap<String, Found> wanted = new TreeMap<>();
        for (Command command : visible(place, id, at).values()) {
            for (Invocation invocation : command.invocations.values()) {
                InvocationStatus status = invocation.progress(at).status();
                if ((instanceId == null || instanceId.equals(invocation.instanceId))
                        && matches(filters, command, status.status(), status.details(), status.isOver())) {
                    wanted.put(command.key + "/" + invocation.instanceId, new Found(command, invocation));
                }
            }
        }
        ObjectNode body = CommandWire.object();
        ArrayNode invocations = body.putArray("CommandInvocations");
        for (Found found : FIFTY.page(wanted, input, body)) {
            String name = name(place, found.invocation().instanceId);
            invocations.add(CommandWire.invocation(found.command(), found.invocation(), name, details, at));
        }
        return Answer.read(body);
    }

    Answer get(CommandPlace place, Input input, Instant at) {
        var _ = input.required("CommandId");
        var _ = input.required("InstanceId");
        String id = commandId(input);
        String instanceId = instanceId(input);
        String plugin = input.string("PluginName");
        Command command = place.command(id);
        Invocation invocation =
                command == null || command.visibleAt.isAfter(at) ? null : command.invocations.get(instanceId);
        if (command == null || invocation == null) {
            throw new ApiError(400, "InvocationDoesNotExist", "");
        }
        if (plugin != null && !plugin.equals(CommandWire.PLUGIN)) {
            throw new ApiError(400, "InvalidPluginName", "The plugin name isn't valid: " + plugin);
        }
        return Answer.read(CommandWire.result(command, invocation, at));
    }

    private static NavigableMap<String, Command> visible(CommandPlace place, @Nullable String id, Instant at) {
        NavigableMap<String, Command> visible = new TreeMap<>(place.commands);
        visible.values().removeIf(command -> command.visibleAt.isAfter(at) || (id != null && !command.id.equals(id)));
        return visible;
    }

    static @Nullable String commandId(Input input) {
        String id = input.string("CommandId");
        if (id != null && id.length() != 36) {
            throw CommandRequest.constraint("commandId", "Member must have length equal to 36");
        }
        return id;
    }

    private static @Nullable String instanceId(Input input) {
        String id = input.string("InstanceId");
        if (id != null) {
            CommandRequest.checkInstanceId(id);
        }
        return id;
    }

    private static List<Input> filters(Input input, Set<String> known) {
        List<Input> filters = input.objectList("Filters");
        if (filters.size() > MOST_FILTERS) {
            throw CommandRequest.constraint("filters", "Member must have length less than or equal to " + MOST_FILTERS);
        }
        for (Input filter : filters) {
            if (!known.contains(filter.required("key"))) {
                throw new ApiError(400, "InvalidFilterKey", "The specified key isn't valid: " + filter.string("key"));
            }
            var _ = filter.required("value");
        }
        return filters;
    }

    private static boolean matches(List<Input> filters, Command command, String status, String details, boolean over) {
        return filters.stream().allMatch(filter -> {
            String value = filter.required("value");
            return switch (filter.required("key")) {
                case "InvokedAfter" -> command.requestedAt.isAfter(time(value));
                case "InvokedBefore" -> command.requestedAt.isBefore(time(value));
                case "Status" -> value.equals(status) || value.equals(details);
                case "ExecutionStage" -> value.equals(over ? "Complete" : "Executing");
                default -> value.equals(CommandRequest.DOCUMENT);
            };
        });
    }

    private static Instant time(String value) {
        try {
            return Instant.parse(value);
        } catch (DateTimeParseException e) {
            throw ApiError.validation("The filter value is no timestamp such as 2018-07-07T00:00:00Z: " + value);
        }
    }

    private static String name(CommandPlace place, String instanceId) {
        InstanceView instance = place.instance(instanceId);
        return instance == null ? "" : instance.tags().getOrDefault("Name", "");
    }
}
