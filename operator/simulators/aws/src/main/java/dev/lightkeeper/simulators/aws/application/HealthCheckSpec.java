package dev.lightkeeper.simulators.aws.application;

/**
 * AWS's own health check of the endpoint's container.
 *
 * @param path asked for with GET
 * @param successCodes list and ranges of statuses that count as success, for example {@code 200,204,300-399}
 * @param intervalSeconds between two checks of one node, simulated
 * @param timeoutSeconds an answer later than this is a failure
 * @param healthyThreshold successes in a row that make a node healthy
 * @param unhealthyThreshold failures in a row that take a healthy node out
 */
public record HealthCheckSpec(
        String path,
        String successCodes,
        int intervalSeconds,
        int timeoutSeconds,
        int healthyThreshold,
        int unhealthyThreshold) {
    /** What AWS fills in when a deployment says nothing: note that it takes a 404 for healthy. */
    public static HealthCheckSpec defaults() {
        return new HealthCheckSpec("/", "200-499", 5, 2, 2, 2);
    }
}
