package dev.lightkeeper.simulators.aws.lightsail;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.application.LogLine;
import dev.lightkeeper.simulators.aws.http.Answer;
import dev.lightkeeper.simulators.aws.http.ApiError;
import dev.lightkeeper.simulators.aws.http.Input;
import dev.lightkeeper.simulators.aws.lightsail.MetricSeries.Sample;
import dev.lightkeeper.simulators.aws.logs.LogFilter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Logs and metrics. */
final class ObservationOperations {
    private static final Set<String> METRICS = Set.of("CPUUtilization", "MemoryUtilization");
    private static final Set<String> STATISTICS = Set.of("Minimum", "Maximum", "Sum", "Average", "SampleCount");
    /** Where a log without startTime begins, as users saw it. */
    private static final Duration DEFAULT_LOG_REACH = Duration.ofHours(1);

    private final World world;

    ObservationOperations(World world) {
        this.world = world;
    }

    private record Page(Instant from, Instant until, int offset) {
        String token() {
            String plain = from.toEpochMilli() + "," + until.toEpochMilli() + "," + offset;
            return Base64.getUrlEncoder().withoutPadding().encodeToString(plain.getBytes(StandardCharsets.US_ASCII));
        }

        static Page of(String token) {
            try {
                String[] parts =
                        new String(Base64.getUrlDecoder().decode(token), StandardCharsets.US_ASCII).split(",", -1);
                return new Page(
                        Instant.ofEpochMilli(Long.parseLong(parts[0])),
                        Instant.ofEpochMilli(Long.parseLong(parts[1])),
                        Integer.parseInt(parts[2]));
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                throw ApiError.invalidInput("The page token is invalid.");
            }
        }
    }

    Answer log(Region region, Input input) {
        ContainerService service = region.service(input.required("serviceName"));
        String container = input.required("containerName");
        LogFilter filter = new LogFilter(input.string("filterPattern"));
        Page page = page(input);
        Instant kept = world.clock.now().minus(world.timings.logRetention());
        Instant arrived = world.clock.now().minus(world.timings.logIngestion()).plusMillis(1);
        Instant from = page.from();
        Instant until = arrived.isBefore(page.until()) ? arrived : page.until();
        // The offset counts from the start that was asked for, so retention is applied afterwards.
        List<LogLine> lines = service.logs.lines(container, from, until).stream()
                .filter(l -> filter.matches(l.message()))
                .toList();
        int size = world.quotas.logPage();
        List<LogLine> part = lines.stream().skip(page.offset()).limit(size).toList();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode events = body.putArray("logEvents");
        part.stream()
                .filter(l -> !l.timestamp().isBefore(kept))
                .forEach(l -> events.addObject()
                        .put("createdAt", ServiceWire.time(l.timestamp()))
                        .put("message", l.message()));
        if (lines.size() > page.offset() + size) {
            body.put("nextPageToken", new Page(page.from(), page.until(), page.offset() + size).token());
        }
        return Answer.read(body);
    }

    private Page page(Input input) {
        String token = input.string("pageToken");
        if (token != null && !token.isEmpty()) {
            return Page.of(token);
        }
        Instant start = input.time("startTime");
        Instant end = input.time("endTime");
        Instant from = start == null ? world.clock.now().minus(DEFAULT_LOG_REACH) : start;
        Instant until = end == null ? Instant.ofEpochMilli(Long.MAX_VALUE / 4) : end;
        if (until.isBefore(from)) {
            throw ApiError.invalidInput("The end time must not be before the start time.");
        }
        return new Page(from, until, 0);
    }

    Answer metrics(Region region, Input input) {
        ContainerService service = region.service(input.required("serviceName"));
        String metric = input.required("metricName");
        Instant from = required(input, "startTime");
        Instant until = required(input, "endTime");
        int period = input.requiredInteger("period");
        List<String> statistics = input.stringList("statistics");
        if (!METRICS.contains(metric)) {
            throw ApiError.invalidInput("The metric \"" + metric + "\" is invalid.");
        }
        if (period < 60 || period > 86_400 || period % 60 != 0) {
            throw ApiError.invalidInput("The period must be a multiple of 60 between 60 and 86400 seconds.");
        }
        if (statistics.isEmpty() || !STATISTICS.containsAll(statistics)) {
            throw ApiError.invalidInput("The statistics " + statistics + " are invalid.");
        }
        if (!from.isBefore(until)) {
            throw ApiError.invalidInput("The start time must be before the end time.");
        }
        Map<Instant, List<Double>> buckets = new TreeMap<>();
        for (Sample sample : service.metrics.between(from, until)) {
            long second = Math.floorDiv(sample.at().getEpochSecond(), period) * period;
            buckets.computeIfAbsent(Instant.ofEpochSecond(second), t -> new ArrayList<>())
                    .add(metric.equals("CPUUtilization") ? sample.cpu() : sample.memory());
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("metricName", metric);
        ArrayNode points = body.putArray("metricData");
        buckets.forEach((time, values) -> points.add(point(time, values, statistics)));
        return Answer.read(body);
    }

    private static ObjectNode point(Instant time, List<Double> values, List<String> statistics) {
        DoubleSummaryStatistics summary =
                values.stream().mapToDouble(Double::doubleValue).summaryStatistics();
        ObjectNode point = JsonNodeFactory.instance.objectNode();
        for (String statistic : statistics) {
            switch (statistic) {
                case "Average" -> point.put("average", summary.getAverage());
                case "Maximum" -> point.put("maximum", summary.getMax());
                case "Minimum" -> point.put("minimum", summary.getMin());
                case "Sum" -> point.put("sum", summary.getSum());
                default -> point.put("sampleCount", (double) summary.getCount());
            }
        }
        point.put("timestamp", ServiceWire.time(time));
        point.put("unit", "Percent");
        return point;
    }

    private static Instant required(Input input, String name) {
        @Nullable Instant time = input.time(name);
        if (time == null) {
            throw ApiError.invalidInput("The parameter " + name + " is required.");
        }
        return time;
    }
}
