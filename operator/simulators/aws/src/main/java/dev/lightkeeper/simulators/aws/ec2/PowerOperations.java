package dev.lightkeeper.simulators.aws.ec2;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.audit.Effect;
import dev.lightkeeper.simulators.aws.http.Answer;
import dev.lightkeeper.simulators.aws.http.ApiError;
import dev.lightkeeper.simulators.aws.http.QueryInput;
import java.util.List;
import java.util.function.Consumer;

/** Start, stop and terminate: all instances of a request, or none. */
final class PowerOperations {
    private final Ec2World world;
    private final Lifecycle lifecycle;

    PowerOperations(Ec2World world, Lifecycle lifecycle) {
        this.world = world;
        this.lifecycle = lifecycle;
    }

    Answer start(Place place, QueryInput input) {
        List<Instance> instances = instances(place, input);
        for (Instance instance : instances) {
            if (instance.state != InstanceState.STOPPED
                    && instance.state != InstanceState.RUNNING
                    && instance.state != InstanceState.PENDING) {
                throw wrongState(instance, "started");
            }
        }
        refuseDryRun(input);
        if (place.outOfCapacity) {
            throw Launches.outOfCapacity();
        }
        return change(instances, Effect.CHANGED, instance -> {
            if (instance.state == InstanceState.STOPPED) {
                lifecycle.pending(instance, world.timings.visibility());
            }
        });
    }

    Answer stop(Place place, QueryInput input) {
        List<Instance> instances = instances(place, input);
        for (Instance instance : instances) {
            if (instance.state == InstanceState.PENDING
                    || instance.state == InstanceState.SHUTTING_DOWN
                    || instance.state == InstanceState.TERMINATED) {
                throw wrongState(instance, "stopped");
            }
        }
        refuseDryRun(input);
        return change(instances, Effect.CHANGED, instance -> lifecycle.stop(instance, world.timings.visibility()));
    }

    Answer terminate(Place place, QueryInput input) {
        List<Instance> instances = instances(place, input);
        for (Instance instance : instances) {
            if (instance.isProtected) {
                throw new ApiError(
                        400,
                        "OperationNotPermitted",
                        "The instance '" + instance.id + "' may not be terminated. Modify its"
                                + " 'disableApiTermination' instance attribute and try again.");
            }
        }
        refuseDryRun(input);
        return change(instances, Effect.DELETED, instance -> lifecycle.terminate(instance, world.timings.visibility()));
    }

    private static Answer change(List<Instance> instances, Effect effect, Consumer<Instance> action) {
        ObjectNode body = InstanceWire.object();
        ArrayNode set = body.putArray("instancesSet");
        boolean changed = false;
        for (Instance instance : instances) {
            InstanceState before = instance.state;
            action.accept(instance);
            changed |= before != instance.state;
            set.add(InstanceWire.change(instance.id, before, instance.state));
        }
        return new Answer(body, changed ? effect : Effect.NONE);
    }

    private static List<Instance> instances(Place place, QueryInput input) {
        List<String> ids = input.list("InstanceId").stream().distinct().toList();
        if (ids.isEmpty()) {
            throw new ApiError(400, "MissingParameter", "The request must contain the parameter InstanceId");
        }
        Refusals.checkIds(ids);
        List<String> missing =
                ids.stream().filter(id -> !place.instances.containsKey(id)).toList();
        if (!missing.isEmpty()) {
            throw Refusals.notFound(missing);
        }
        return place.instances.values().stream()
                .filter(instance -> ids.contains(instance.id))
                .toList();
    }

    private static void refuseDryRun(QueryInput input) {
        if (input.isTrue("DryRun")) {
            throw Refusals.dryRun();
        }
    }

    private static ApiError wrongState(Instance instance, String what) {
        return new ApiError(
                400,
                "IncorrectInstanceState",
                "The instance '" + instance.id + "' is not in a state from which it can be " + what + ".");
    }
}
