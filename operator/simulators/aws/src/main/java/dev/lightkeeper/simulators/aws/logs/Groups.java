package dev.lightkeeper.simulators.aws.logs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.http.Answer;
import dev.lightkeeper.simulators.aws.http.ApiError;
import dev.lightkeeper.simulators.aws.http.Input;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** DescribeLogGroups and DescribeLogStreams, and how a request names a group. */
final class Groups {
    private static final int MOST = 50;

    private Groups() {}

    static Answer describe(LogsSimulation.Place place, Input input, Instant at) {
        String prefix = input.string("logGroupNamePrefix");
        String part = input.string("logGroupNamePattern");
        if (prefix != null && part != null) {
            throw invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
        }
        List<LogGroup> wanted = place.groups.values().stream()
                .filter(group -> !group.createdAt.isAfter(at))
                .filter(group -> prefix == null || group.name.startsWith(prefix))
                .filter(group -> part == null || group.name.contains(part))
                .toList();
        return page(wanted, input, "logGroups", (group, node) -> {
            node.put("logGroupName", group.name)
                    .put("creationTime", group.createdAt.toEpochMilli())
                    .put("metricFilterCount", 0)
                    .put("arn", group.arn + ":*")
                    .put("storedBytes", 0)
                    .put("logGroupClass", "STANDARD")
                    .put("logGroupArn", group.arn);
            if (group.retentionDays != null) {
                node.put("retentionInDays", group.retentionDays);
            }
        });
    }

    static Answer streams(LogsSimulation.Place place, Input input, Instant at) {
        LogGroup group = find(place, input, at);
        String prefix = input.string("logStreamNamePrefix");
        boolean byTime = "LastEventTime".equals(input.string("orderBy"));
        if (byTime && prefix != null) {
            throw invalid("Cannot order by LastEventTime with a logStreamNamePrefix.");
        }
        Comparator<LogGroup.Stream> order = byTime
                ? Comparator.comparing(stream -> Objects.requireNonNullElse(last(group, stream, at), Instant.EPOCH))
                : Comparator.comparing(stream -> stream.name);
        List<LogGroup.Stream> wanted = group.streams.values().stream()
                .filter(stream -> !stream.createdAt.isAfter(at))
                .filter(stream -> prefix == null || stream.name.startsWith(prefix))
                .sorted(Boolean.TRUE.equals(input.bool("descending")) ? order.reversed() : order)
                .toList();
        return page(wanted, input, "logStreams", (stream, node) -> {
            node.put("logStreamName", stream.name)
                    .put("creationTime", stream.createdAt.toEpochMilli())
                    .put("arn", group.arn + ":log-stream:" + stream.name)
                    .put("storedBytes", 0);
            List<LogEvent> events = group.readable(stream, at);
            if (!events.isEmpty()) {
                node.put("firstEventTimestamp", events.getFirst().timestamp().toEpochMilli())
                        .put("lastEventTimestamp", events.getLast().timestamp().toEpochMilli())
                        .put("lastIngestionTime", events.getLast().ingestedAt().toEpochMilli());
            }
        });
    }

    /** The group that a request names, by its name or, as identifier, also by its ARN. */
    static LogGroup find(LogsSimulation.Place place, Input input, Instant at) {
        String name = input.string("logGroupName");
        String identifier = input.string("logGroupIdentifier");
        if ((name == null) == (identifier == null)) {
            throw invalid("Exactly one of logGroupName and logGroupIdentifier must be given.");
        }
        LogGroup group = place.groups.values().stream()
                .filter(known ->
                        known.name.equals(name) || known.name.equals(identifier) || known.arn.equals(identifier))
                .findFirst()
                .orElse(null);
        if (group == null || group.createdAt.isAfter(at)) {
            throw new ApiError(400, "ResourceNotFoundException", "The specified log group does not exist.");
        }
        return group;
    }

    static ApiError invalid(String message) {
        return new ApiError(400, "InvalidParameterException", message);
    }

    private static @Nullable Instant last(LogGroup group, LogGroup.Stream stream, Instant at) {
        List<LogEvent> events = group.readable(stream, at);
        return events.isEmpty() ? null : events.getLast().timestamp();
    }

    private static <T> Answer page(List<T> all, Input input, String member, BiConsumer<T, ObjectNode> write) {
        int limit = Objects.requireNonNullElse(input.integer("limit"), MOST);
        if (limit < 1 || limit > MOST) {
            throw invalid("1 validation error detected: Value '" + limit
                    + "' at 'limit' failed to satisfy constraint: Member must be between 1 and " + MOST);
        }
        int from = Math.min(from(input.string("nextToken")), all.size());
        int to = Math.min(from + limit, all.size());
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode list = body.putArray(member);
        all.subList(from, to).forEach(element -> write.accept(element, list.addObject()));
        if (to < all.size()) {
            body.put("nextToken", "from/" + to);
        }
        return Answer.read(body);
    }

    private static int from(@Nullable String token) {
        if (token == null) {
            return 0;
        }
        if (!token.matches("from/\\d{1,6}")) {
            throw Position.invalid();
        }
        return Integer.parseInt(token.substring("from/".length()));
    }
}
