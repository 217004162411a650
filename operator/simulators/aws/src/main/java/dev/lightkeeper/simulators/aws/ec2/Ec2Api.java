package dev.lightkeeper.simulators.aws.ec2;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.http.Answer;
import dev.lightkeeper.simulators.aws.http.ApiError;
import dev.lightkeeper.simulators.aws.http.Call;
import dev.lightkeeper.simulators.aws.http.Protocol;
import dev.lightkeeper.simulators.aws.http.QueryInput;
import dev.lightkeeper.simulators.aws.http.ServiceApi;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The instance part of the EC2 API, version 2016-11-15. */
public final class Ec2Api implements ServiceApi {
    /** The version that requests name. */
    public static final String VERSION = "2016-11-15";

    /** Every operation that is simulated. */
    public static final List<String> OPERATIONS = List.of(
            "DescribeInstances",
            "DescribeInstanceStatus",
            "DescribeTags",
            "DescribeRegions",
            "RunInstances",
            "StartInstances",
            "StopInstances",
            "TerminateInstances",
            "CreateTags",
            "DeleteTags");

    private final Ec2World world;
    private final InstanceReads reads;
    private final Launches launches;
    private final PowerOperations power;
    private final TagOperations tags;

    Ec2Api(Ec2World world, Launches launches, Lifecycle lifecycle) {
        this.world = world;
        this.launches = launches;
        reads = new InstanceReads(world.timings);
        power = new PowerOperations(world, lifecycle);
        tags = new TagOperations(world);
    }

    @Override
    public String signingName() {
        return "ec2";
    }

    @Override
    public Protocol protocol() {
        return Protocol.EC2;
    }

    @Override
    public String internalError() {
        return "InternalError";
    }

    /** The instances, with commas in between; of a launch its client token. */
    @Override
    public @Nullable String target(ObjectNode form) {
        QueryInput input = QueryInput.of(form);
        List<String> ids = Stream.of("InstanceId", "ResourceId")
                .flatMap(name -> input.list(name).stream())
                .toList();
        return ids.isEmpty() ? input.text("ClientToken") : String.join(",", ids);
    }

    @Override
    public Answer call(Call call) {
        QueryInput input = QueryInput.of(call.input());
        return world.locked(call.signer().account(), call.region(), place -> {
            Instant at = Objects.requireNonNullElse(call.asOf(), world.clock.now());
            return call(place, call.operation(), input, at);
        });
    }

    private Answer call(Place place, String operation, QueryInput input, Instant at) {
        if (operation.startsWith("Describe") && OPERATIONS.contains(operation) && input.isTrue("DryRun")) {
            throw Refusals.dryRun();
        }
        return switch (operation) {
            case "DescribeInstances" -> reads.instances(place, input, at);
            case "DescribeInstanceStatus" -> reads.status(place, input, at);
            case "DescribeTags" -> reads.tags(place, input, at);
            case "DescribeRegions" -> Regions.describe(input);
            case "RunInstances" -> launches.run(place, input);
            case "StartInstances" -> power.start(place, input);
            case "StopInstances" -> power.stop(place, input);
            case "TerminateInstances" -> power.terminate(place, input);
            case "CreateTags" -> tags.create(place, input);
            case "DeleteTags" -> tags.delete(place, input);
            default ->
                throw new ApiError(
                        400, "InvalidAction", "The action " + operation + " is not valid for this web service.");
        };
    }
}
