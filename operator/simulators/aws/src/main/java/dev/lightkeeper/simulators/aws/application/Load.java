package dev.lightkeeper.simulators.aws.application;

/**
 * What a container uses of its node.
 *
 * @param cpuPercent steady
 * @param memoryPercent at the start
 * @param memoryGrowthPercentPerMinute a leak; the process is killed at 100 percent
 */
public record Load(double cpuPercent, double memoryPercent, double memoryGrowthPercentPerMinute) {
    static final Load MODEST = new Load(4, 30, 0);

    double memoryAfter(double uptimeSeconds) {
        return Math.min(100, memoryPercent + memoryGrowthPercentPerMinute * uptimeSeconds / 60);
    }
}
