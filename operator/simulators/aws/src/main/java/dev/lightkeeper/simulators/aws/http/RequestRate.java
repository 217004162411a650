package dev.lightkeeper.simulators.aws.http;

import dev.lightkeeper.simulators.aws.SimulatorClock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Token buckets in simulated time, one per service, account and region. AWS publishes no request rate for Lightsail, so
 * any figure is a guess and there is none unless the world is told so.
 */
public final class RequestRate {
    private record Bucket(double tokens, Instant at) {}

    private final SimulatorClock clock;
    private final double perSecond;
    private final int burst;
    private final Map<String, Bucket> buckets = new HashMap<>();

    /**
     * Creates the buckets.
     *
     * @param clock simulated time
     * @param perSecond refill in one simulated second; 0 for no limit
     * @param burst size of a bucket
     */
    public RequestRate(SimulatorClock clock, double perSecond, int burst) {
        this.clock = clock;
        this.perSecond = perSecond;
        this.burst = burst;
    }

    /**
     * Takes one token.
     *
     * @param service signing name
     * @param account of the caller
     * @param region of the credential scope
     * @throws ApiError ThrottlingException, if there is none
     */
    public synchronized void take(String service, String account, String region) {
        if (perSecond <= 0) {
            return;
        }
        String key = service + "/" + account + "/" + region;
        Instant now = clock.now();
        Bucket bucket = buckets.getOrDefault(key, new Bucket(burst, now));
        double elapsed = Duration.between(bucket.at(), now).toMillis() / 1000.0;
        double tokens = Math.min(burst, bucket.tokens() + elapsed * perSecond);
        boolean enough = tokens >= 1;
        buckets.put(key, new Bucket(enough ? tokens - 1 : tokens, now));
        if (!enough) {
            throw new ApiError(400, "ThrottlingException", "Rate exceeded");
        }
    }
}
