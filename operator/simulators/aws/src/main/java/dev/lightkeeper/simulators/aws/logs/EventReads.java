package dev.lightkeeper.simulators.aws.logs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.http.Answer;
import dev.lightkeeper.simulators.aws.http.ApiError;
import dev.lightkeeper.simulators.aws.http.Input;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** FilterLogEvents and GetLogEvents. */
final class EventReads {
    private static final int MOST_EVENTS = 10_000;
    private static final int MOST_BYTES = 1 << 20;
    private static final int MOST_STREAMS = 100;
    private static final int LONGEST_PATTERN = 1_024;
    private static final String FORWARD = "f/";
    private static final String BACKWARD = "b/";

    Answer filter(LogsSimulation.Place place, Input input, Instant at) {
        LogGroup group = Groups.find(place, input, at);
        LogFilter filter = filter(input.string("filterPattern"));
        Instant start = input.milliseconds("startTime");
        Instant end = input.milliseconds("endTime");
        int limit = limit(input);
        String token = input.string("nextToken");
        Position position = token == null ? Position.beginning(at) : Position.read(token, at);
        List<LogEvent> wanted = new ArrayList<>();
        for (LogGroup.Stream stream : streams(group, input)) {
            for (LogEvent event : group.readable(stream, at)) {
                if (position.isBefore(event)
                        && (start == null || !event.timestamp().isBefore(start))
                        && (end == null || !event.timestamp().isAfter(end))
                        && filter.matches(event.message())) {
                    wanted.add(event);
                }
            }
        }
        wanted.sort(null);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode events = body.putArray("events");
        body.putArray("searchedLogStreams");
        if (group.emptyFirstPage && token == null) {
            body.put("nextToken", position.token());
            return Answer.read(body);
        }
        List<LogEvent> page = head(wanted, limit);
        for (LogEvent event : page) {
            events.add(
                    node(event).put("logStreamName", event.stream()).put("eventId", "%056d".formatted(event.number())));
        }
        if (page.size() < wanted.size()) {
            body.put("nextToken", Position.of(page.getLast(), at).token());
        }
        return Answer.read(body);
    }

    Answer get(LogsSimulation.Place place, Input input, Instant at) {
        LogGroup group = Groups.find(place, input, at);
        LogGroup.Stream stream = stream(group, input.required("logStreamName"));
        Instant start = input.milliseconds("startTime");
        Instant end = input.milliseconds("endTime");
        int limit = limit(input);
        String token = input.string("nextToken");
        List<LogEvent> wanted = group.readable(stream, at).stream()
                .filter(event -> start == null || !event.timestamp().isBefore(start))
                .filter(event -> end == null || event.timestamp().isBefore(end))
                .toList();
        List<LogEvent> page;
        Position position = Position.beginning(at);
        if (token == null) {
            page = Boolean.TRUE.equals(input.bool("startFromHead")) ? head(wanted, limit) : tail(wanted, limit);
        } else if (token.startsWith(FORWARD)) {
            Position after = Position.read(token.substring(FORWARD.length()), at);
            position = after;
            page = head(wanted.stream().filter(after::isBefore).toList(), limit);
        } else if (token.startsWith(BACKWARD)) {
            Position before = Position.read(token.substring(BACKWARD.length()), at);
            position = before;
            page = tail(wanted.stream().filter(before::isAfter).toList(), limit);
        } else {
            throw Position.invalid();
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode events = body.putArray("events");
        page.forEach(event -> events.add(node(event)));
        Position last = page.isEmpty() ? position : Position.of(page.getLast(), at);
        Position first = page.isEmpty() ? position : Position.of(page.getFirst(), at);
        body.put("nextForwardToken", FORWARD + last.token());
        body.put("nextBackwardToken", BACKWARD + first.token());
        return Answer.read(body);
    }

    private static ObjectNode node(LogEvent event) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("timestamp", event.timestamp().toEpochMilli())
                .put("message", event.message())
                .put("ingestionTime", event.ingestedAt().toEpochMilli());
    }

    private static List<LogEvent> head(List<LogEvent> events, int limit) {
        int size = 0;
        int bytes = 0;
        while (size < Math.min(limit, events.size())) {
            bytes += events.get(size).message().getBytes(StandardCharsets.UTF_8).length;
            if (size > 0 && bytes > MOST_BYTES) {
                break;
            }
            size++;
        }
        return events.subList(0, size);
    }

    private static List<LogEvent> tail(List<LogEvent> events, int limit) {
        return head(events.reversed(), limit).reversed();
    }

    private static List<LogGroup.Stream> streams(LogGroup group, Input input) {
        List<String> names = input.stringList("logStreamNames");
        String prefix = input.string("logStreamNamePrefix");
        if (names.size() > MOST_STREAMS) {
            throw Groups.invalid("At most " + MOST_STREAMS + " logStreamNames can be given.");
        }
        if (!names.isEmpty() && prefix != null) {
            throw Groups.invalid("logStreamNamePrefix and logStreamNames are mutually exclusive parameters.");
        }
        if (!names.isEmpty()) {
            return names.stream().distinct().map(name -> stream(group, name)).toList();
        }
        return group.streams.values().stream()
                .filter(stream -> prefix == null || stream.name.startsWith(prefix))
                .toList();
    }

    private static LogGroup.Stream stream(LogGroup group, String name) {
        LogGroup.Stream stream = group.streams.get(name);
        if (stream == null) {
            throw new ApiError(400, "ResourceNotFoundException", "The specified log stream does not exist.");
        }
        return stream;
    }

    private static int limit(Input input) {
        int limit = Objects.requireNonNullElse(input.integer("limit"), MOST_EVENTS);
        if (limit < 1 || limit > MOST_EVENTS) {
            throw Groups.invalid("1 validation error detected: Value '" + limit
                    + "' at 'limit' failed to satisfy constraint: Member must be between 1 and " + MOST_EVENTS);
        }
        return limit;
    }

    private static LogFilter filter(@Nullable String pattern) {
        if (pattern != null && pattern.length() > LONGEST_PATTERN) {
            throw Groups.invalid("The filterPattern has more than " + LONGEST_PATTERN + " characters.");
        }
        if (pattern != null && (pattern.startsWith("{") || pattern.startsWith("[") || pattern.contains("%"))) {
            throw Groups.invalid(
                    "This simulator knows filter patterns of terms only: no JSON, columns or expressions.");
        }
        return new LogFilter(pattern);
    }
}
