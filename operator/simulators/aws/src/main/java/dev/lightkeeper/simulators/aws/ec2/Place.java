package dev.lightkeeper.simulators.aws.ec2;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one account has in one region. Guarded by the lock of {@link Ec2World}. */
final class Place {
    final String account;
    final String region;
    /** In the order of their launch. */
    final Map<String, Instance> instances = new LinkedHashMap<>();
    /** What was launched with a client token. */
    final Map<String, Launched> launches = new HashMap<>();
    /** AWS has no machine left to start an instance on. */
    boolean outOfCapacity;
    /** The next launch is accepted and fails later, with this code as the reason; null for one that goes well. */
    @Nullable
    String nextFailure;

    int instanceLimit = 1_000;

    /**
     * A request that was done.
     *
     * @param parameters all that it asked for
     * @param instanceIds what it launched
     */
    record Launched(Map<String, String> parameters, List<String> instanceIds) {}

    Place(String account, String region) {
        this.account = account;
        this.region = region;
    }
}
