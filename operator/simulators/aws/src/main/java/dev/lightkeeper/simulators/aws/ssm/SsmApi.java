package dev.lightkeeper.simulators.aws.ssm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.http.Answer;
import dev.lightkeeper.simulators.aws.http.ApiError;
import dev.lightkeeper.simulators.aws.http.Call;
import dev.lightkeeper.simulators.aws.http.Input;
import dev.lightkeeper.simulators.aws.http.Protocol;
import dev.lightkeeper.simulators.aws.http.ServiceApi;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The Parameter Store and Run Command parts of SSM, version 2014-11-06. */
public final class SsmApi implements ServiceApi {
    /** What stands before the dot in {@code X-Amz-Target}. */
    public static final String TARGET_PREFIX = "AmazonSSM";

    /** Every operation of Parameter Store that is simulated; those of Run Command are in {@link RunCommand}. */
    public static final List<String> OPERATIONS = List.of(
            "PutParameter",
            "GetParameter",
            "GetParameters",
            "GetParametersByPath",
            "DescribeParameters",
            "GetParameterHistory",
            "LabelParameterVersion",
            "DeleteParameter",
            "DeleteParameters");

    private final SsmSimulation simulation;
    private final ParameterReads reads = new ParameterReads();
    private final ParameterWrites writes;

    private final RunCommand commands;

    SsmApi(SsmSimulation simulation, ParameterWrites writes, RunCommand commands) {
        this.simulation = simulation;
        this.writes = writes;
        this.commands = commands;
    }

    @Override
    public String signingName() {
        return "ssm";
    }

    @Override
    public Protocol protocol() {
        return Protocol.JSON;
    }

    @Override
    public String internalError() {
        return "InternalServerError";
    }

    /** The instances of a command, the parameter or the path; several with commas in between. */
    @Override
    public @Nullable String target(ObjectNode input) {
        String instances = CommandRequest.target(input);
        if (instances != null) {
            return instances;
        }
        if (input.path("Names").isArray()) {
            return StreamSupport.stream(input.path("Names").spliterator(), false)
                    .map(name -> name.asText())
                    .collect(Collectors.joining(","));
        }
        String name = input.path("Name").textValue();
        return name == null ? input.path("Path").textValue() : name;
    }

    @Override
    public @Nullable String comment(ObjectNode input) {
        return input.path("Comment").textValue();
    }

    @Override
    public Answer call(Call call) {
        if (RunCommand.OPERATIONS.contains(call.operation())) {
            return commands.call(call, input(call));
        }
        return simulation.locked(call.signer().account(), call.region(), place -> call(place, call));
    }

    private Answer call(Place place, Call call) {
        Input input = input(call);
        return switch (call.operation()) {
            case "PutParameter" -> writes.put(place, input, call.signer().arn());
            case "GetParameter" -> reads.get(place, input, call.asOf());
            case "GetParameters" -> reads.getAll(place, input, call.asOf());
            case "GetParametersByPath" -> reads.byPath(place, input, call.asOf());
            case "DescribeParameters" -> reads.describe(place, input);
            case "GetParameterHistory" -> reads.history(place, input);
            case "LabelParameterVersion" -> writes.label(place, input);
            case "DeleteParameter" -> writes.delete(place, input);
            case "DeleteParameters" -> writes.deleteAll(place, input);
            default ->
                throw new ApiError(
                        400, "UnknownOperationException", "This simulator has no operation " + call.operation() + ".");
        };
    }

    private static Input input(Call call) {
        return new Input(call.input(), text -> ApiError.validation("1 validation error detected: " + text));
    }
}
