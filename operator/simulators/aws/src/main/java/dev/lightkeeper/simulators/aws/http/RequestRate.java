package dev.lightkeeper.simulators.aws.http;

import dev.lightkeeper.simulators.aws.SimulatorClock;

/**
 * A request rate in simulated time, for each service, account and region. AWS publishes none for Lightsail, so any figure
 * is a guess and there is none unless the world is told so.
 */
public final class RequestRate {
    private final TokenBuckets buckets;
    private final double perSecond;
    private final int burst;

    /**
     * Creates the buckets.
     *
     * @param clock simulated time
     * @param perSecond refill in one simulated second; 0 for no limit
     * @param burst size of a bucket
     */
    public RequestRate(SimulatorClock clock, double perSecond, int burst) {
        this.buckets = new TokenBuckets(clock);
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
    public void take(String service, String account, String region) {
        if (perSecond > 0 && !buckets.take(service + "/" + account + "/" + region, burst, perSecond, 1)) {
            throw new ApiError(400, "ThrottlingException", "Rate exceeded");
        }
    }
}
