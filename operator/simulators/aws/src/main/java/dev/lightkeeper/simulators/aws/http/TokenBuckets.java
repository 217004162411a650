package dev.lightkeeper.simulators.aws.http;

import dev.lightkeeper.simulators.aws.SimulatorClock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Token buckets that fill up in simulated time, full at first. */
public final class TokenBuckets {
    private record Bucket(double tokens, Instant at) {}

    private final SimulatorClock clock;
    private final Map<String, Bucket> buckets = new HashMap<>();

    /**
     * Creates it.
     *
     * @param clock simulated time
     */
    public TokenBuckets(SimulatorClock clock) {
        this.clock = clock;
    }

    /**
     * Takes tokens, or none when there are too few.
     *
     * @param bucket its name; a bucket is always asked with the same size and refill
     * @param capacity most tokens in it
     * @param perSecond refill in a simulated second
     * @param tokens how many to take
     * @return whether they were there
     */
    public synchronized boolean take(String bucket, int capacity, double perSecond, int tokens) {
        Instant now = clock.now();
        Bucket before = buckets.getOrDefault(bucket, new Bucket(capacity, now));
        double elapsed = Duration.between(before.at(), now).toMillis() / 1000.0;
        double there = Math.min(capacity, before.tokens() + elapsed * perSecond);
        boolean enough = there >= tokens;
        buckets.put(bucket, new Bucket(enough ? there - tokens : there, now));
        return enough;
    }
}
