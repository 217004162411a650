package dev.lightkeeper.simulators.aws.ec2;

import dev.lightkeeper.simulators.aws.SimulatorClock;
import dev.lightkeeper.simulators.aws.http.ApiError;
import dev.lightkeeper.simulators.aws.http.QueryInput;
import dev.lightkeeper.simulators.aws.http.TokenBuckets;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** EC2's published token buckets for requests, and for the instances that requests name; per account and region. */
final class Ec2Throttle {
    /** A bucket of AWS's page on API throttling. Operations with the same name share one. */
    private record Limit(String name, int capacity, double perSecond) {}

    private static final Limit READ = new Limit("read", 100, 20);
    private static final Limit UNFILTERED = new Limit("unfiltered", 50, 10);
    private static final Map<String, Limit> REQUESTS = Map.of(
            "RunInstances", new Limit("RunInstances", 5, 2),
            "StartInstances", new Limit("StartInstances", 5, 2),
            "TerminateInstances", new Limit("TerminateInstances", 100, 5),
            "CreateTags", new Limit("CreateTags", 100, 10),
            "DeleteTags", new Limit("DeleteTags", 100, 10),
            "StopInstances", new Limit("mutation", 50, 5));
    private static final Map<String, Limit> INSTANCES = Map.of(
            "RunInstances", new Limit("instances of RunInstances", 1_000, 2),
            "StartInstances", new Limit("instances of StartInstances", 1_000, 2),
            "TerminateInstances", new Limit("instances of TerminateInstances", 1_000, 20),
            "StopInstances", new Limit("instances of StopInstances", 1_000, 20));
    private static final Set<String> COSTLY = Set.of("DescribeInstances", "DescribeInstanceStatus");

    private final TokenBuckets buckets;

    Ec2Throttle(SimulatorClock clock) {
        buckets = new TokenBuckets(clock);
    }

    void take(Place place, String operation, QueryInput input) {
        take(place, REQUESTS.getOrDefault(operation, isUnfiltered(operation, input) ? UNFILTERED : READ), 1);
        take(place, INSTANCES.get(operation), instances(operation, input));
    }

    private static boolean isUnfiltered(String operation, QueryInput input) {
        return COSTLY.contains(operation)
                && input.text("MaxResults") == null
                && Stream.of("Filter", "InstanceId")
                        .allMatch(name -> input.structures(name).isEmpty());
    }

    private static int instances(String operation, QueryInput input) {
        Integer most = operation.equals("RunInstances") ? input.integer("MaxCount") : null;
        return most == null ? input.list("InstanceId").size() : most;
    }

    private void take(Place place, @Nullable Limit limit, int tokens) {
        if (limit != null
                && !buckets.take(
                        place.account + "/" + place.region + "/" + limit.name(),
                        limit.capacity(),
                        limit.perSecond(),
                        tokens)) {
            throw new ApiError(503, "RequestLimitExceeded", "Request limit exceeded.");
        }
    }
}
