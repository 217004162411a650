package dev.lightkeeper.simulators.aws.ssm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.ssm.Invocation.Progress;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;

/** Commands and invocations as answers show them. */
final class CommandWire {
    static final String PLUGIN = "aws:runShellScript";

    private static final int LONGEST_OUTPUT = 24_000;
    private static final int LONGEST_ERROR = 8_000;
    private static final int LONGEST_PLUGIN_OUTPUT = 2_500;
    private static final String CUT = "--output truncated--";
    private static final List<String> ECHOED = List.of(
            "OutputS3Region",
            "OutputS3BucketName",
            "OutputS3KeyPrefix",
            "NotificationConfig",
            "CloudWatchOutputConfig",
            "AlarmConfiguration");

    private CommandWire() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static BigDecimal time(Instant instant) {
        return BigDecimal.valueOf(instant.toEpochMilli(), 3);
    }

    static ObjectNode command(Command command, Instant at) {
        CommandRequest request = command.request;
        ObjectNode node = common(command);
        node.put("ExpiresAfter", time(command.expiresAfter()));
        ObjectNode parameters = node.putObject("Parameters");
        request.parameters().forEach((name, values) -> values.forEach(parameters.putArray(name)::add));
        ArrayNode ids = node.putArray("InstanceIds");
        request.instanceIds().forEach(ids::add);
        ArrayNode targets = node.putArray("Targets");
        request.targets().forEach((key, values) -> {
            ObjectNode target = targets.addObject().put("Key", key);
            values.forEach(target.putArray("Values")::add);
        });
        Command.Status status = command.status(at);
        List<InvocationStatus> all = command.statuses(at);
        node.put("Status", status.status())
                .put("StatusDetails", status.details())
                .put(
                        "MaxConcurrency",
                        Objects.requireNonNullElse(request.input().string("MaxConcurrency"), "50"))
                .put("MaxErrors", Objects.requireNonNullElse(request.input().string("MaxErrors"), "0"))
                .put("TargetCount", all.size())
                .put(
                        "CompletedCount",
                        all.stream().filter(InvocationStatus::isOver).count())
                .put("ErrorCount", command.errors(at))
                .put(
                        "DeliveryTimedOutCount",
                        all.stream()
                                .filter(s -> s == InvocationStatus.DELIVERY_TIMED_OUT)
                                .count())
                .put("ServiceRole", Objects.requireNonNullElse(request.input().string("ServiceRoleArn"), ""))
                .put("TimeoutSeconds", request.deliveryTimeout().toSeconds());
        for (String member : ECHOED) {
            if (request.input().has(member)) {
                node.set(member, request.input().json().get(member));
            }
        }
        return node;
    }

    static ObjectNode invocation(Command command, Invocation invocation, String name, boolean details, Instant at) {
        Progress progress = invocation.progress(at);
        ObjectNode node = common(command);
        node.put("InstanceId", invocation.instanceId)
                .put("InstanceName", name)
                .put("Status", progress.status().status())
                .put("StatusDetails", progress.status().details())
                .put("StandardOutputUrl", "")
                .put("StandardErrorUrl", "");
        ArrayNode plugins = node.putArray("CommandPlugins");
        if (details) {
            ObjectNode plugin = plugins.addObject()
                    .put("Name", PLUGIN)
                    .put("Status", progress.status().pluginStatus())
                    .put("StatusDetails", progress.status().details())
                    .put("ResponseCode", progress.code())
                    .put("Output", cut(mixed(progress), LONGEST_PLUGIN_OUTPUT))
                    .put("StandardOutputUrl", "")
                    .put("StandardErrorUrl", "");
            if (progress.startedAt() != null) {
                plugin.put("ResponseStartDateTime", time(progress.startedAt()));
            }
            if (progress.endedAt() != null) {
                plugin.put("ResponseFinishDateTime", time(progress.endedAt()));
            }
        }
        node.put(
                "ServiceRole",
                Objects.requireNonNullElse(command.request.input().string("ServiceRoleArn"), ""));
        return node;
    }

    static ObjectNode result(Command command, Invocation invocation, Instant at) {
        Progress progress = invocation.progress(at);
        Instant started = progress.startedAt();
        Instant ended = progress.endedAt();
        return object().put("CommandId", command.id)
                .put("InstanceId", invocation.instanceId)
                .put("Comment", comment(command))
                .put("DocumentName", CommandRequest.DOCUMENT)
                .put("DocumentVersion", version(command))
                .put("PluginName", PLUGIN)
                .put("ResponseCode", progress.code())
                .put("ExecutionStartDateTime", started == null ? "" : text(started))
                .put("ExecutionElapsedTime", started == null || ended == null ? "" : elapsed(started, ended))
                .put("ExecutionEndDateTime", started == null || ended == null ? "" : text(ended))
                .put("Status", progress.status().status())
                .put("StatusDetails", progress.status().details())
                .put("StandardOutputContent", cut(progress.output(), LONGEST_OUTPUT))
                .put("StandardOutputUrl", "")
                .put("StandardErrorContent", cut(progress.error(), LONGEST_ERROR))
                .put("StandardErrorUrl", "");
    }

    private static ObjectNode common(Command command) {
        return object().put("CommandId", command.id)
                .put("Comment", comment(command))
                .put("DocumentName", CommandRequest.DOCUMENT)
                .put("DocumentVersion", version(command))
                .put("RequestedDateTime", time(command.requestedAt));
    }

    private static String comment(Command command) {
        return Objects.requireNonNullElse(command.request.input().string("Comment"), "");
    }

    private static String version(Command command) {
        return Objects.requireNonNullElse(command.request.input().string("DocumentVersion"), "$DEFAULT");
    }

    private static String mixed(Progress progress) {
        return progress.error().isEmpty()
                ? progress.output()
                : progress.output() + "\n----------ERROR-------\n" + progress.error();
    }

    /** The beginning of a text, with AWS's note at the end when it is not all. */
    private static String cut(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest - CUT.length()) + CUT;
    }

    private static String text(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static String elapsed(Instant from, Instant to) {
        return "PT"
                + BigDecimal.valueOf(Duration.between(from, to).toMillis(), 3).toPlainString() + "S";
    }
}
