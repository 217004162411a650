package dev.lightkeeper.simulators.aws.logs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.SimulatorClock;
import dev.lightkeeper.simulators.aws.http.Answer;
import dev.lightkeeper.simulators.aws.http.ApiError;
import dev.lightkeeper.simulators.aws.http.Call;
import dev.lightkeeper.simulators.aws.http.Input;
import dev.lightkeeper.simulators.aws.http.Protocol;
import dev.lightkeeper.simulators.aws.http.ServiceApi;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The reading part of the CloudWatch Logs API, version 2014-03-28. */
public final class LogsApi implements ServiceApi {
    /** What stands before the dot in {@code X-Amz-Target}. */
    public static final String TARGET_PREFIX = "Logs_20140328";

    /** Every operation that is simulated. */
    public static final List<String> OPERATIONS =
            List.of("FilterLogEvents", "GetLogEvents", "DescribeLogGroups", "DescribeLogStreams");

    private final LogsSimulation simulation;
    private final SimulatorClock clock;
    private final EventReads reads = new EventReads();

    LogsApi(LogsSimulation simulation, SimulatorClock clock) {
        this.simulation = simulation;
        this.clock = clock;
    }

    @Override
    public String signingName() {
        return "logs";
    }

    @Override
    public Protocol protocol() {
        return Protocol.JSON;
    }

    @Override
    public String internalError() {
        return "ServiceUnavailableException";
    }

    @Override
    public @Nullable String target(ObjectNode input) {
        String name = input.path("logGroupName").textValue();
        return name == null ? input.path("logGroupIdentifier").textValue() : name;
    }

    @Override
    public Answer call(Call call) {
        Input input = new Input(call.input(), Groups::invalid);
        return simulation.locked(call.signer().account(), call.region(), place -> {
            Instant at = Objects.requireNonNullElse(call.asOf(), clock.now());
            return switch (call.operation()) {
                case "FilterLogEvents" -> reads.filter(place, input, at);
                case "GetLogEvents" -> reads.get(place, input, at);
                case "DescribeLogGroups" -> Groups.describe(place, input, at);
                case "DescribeLogStreams" -> Groups.streams(place, input, at);
                default ->
                    throw new ApiError(
                            400,
                            "UnknownOperationException",
                            "This simulator has no operation " + call.operation() + ".");
            };
        });
    }
}
