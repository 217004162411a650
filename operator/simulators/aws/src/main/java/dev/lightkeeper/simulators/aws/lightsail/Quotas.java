package dev.lightkeeper.simulators.aws.lightsail;

/**
 * Limits of an account in a region.
 *
 * @param services container services; AWS's is 100, new or restricted accounts have been seen with very low ones
 * @param deploymentsKept versions kept per service; AWS's is 50
 * @param storedImages registered images per service; AWS's is 150
 * @param containers per deployment; AWS's is 10
 * @param domains custom domains per service; AWS's is 4
 * @param tags per resource; AWS's is 50
 * @param logPage log events in one answer; AWS publishes none
 * @param requestsPerSecond requests let through in a simulated second; 0 for no limit; AWS publishes none
 * @param requestBurst requests let through at once, when there is a rate
 */
public record Quotas(
        int services,
        int deploymentsKept,
        int storedImages,
        int containers,
        int domains,
        int tags,
        int logPage,
        double requestsPerSecond,
        int requestBurst) {

    /** {@return AWS's published quotas, no request rate} */
    public static Quotas defaults() {
        return new Quotas(100, 50, 150, 10, 4, 50, 100, 0, 10);
    }

    /**
     * {@return the same with another number of services}
     *
     * @param limit container services per account and region
     */
    public Quotas withServices(int limit) {
        return new Quotas(
                limit,
                deploymentsKept,
                storedImages,
                containers,
                domains,
                tags,
                logPage,
                requestsPerSecond,
                requestBurst);
    }

    /**
     * {@return the same with another page size of logs}
     *
     * @param events in one answer
     */
    public Quotas withLogPage(int events) {
        return new Quotas(
                services,
                deploymentsKept,
                storedImages,
                containers,
                domains,
                tags,
                events,
                requestsPerSecond,
                requestBurst);
    }

    /**
     * {@return the same with a request rate}
     *
     * @param perSecond requests in a simulated second
     * @param burst requests at once
     */
    public Quotas withRequestRate(double perSecond, int burst) {
        return new Quotas(
                services, deploymentsKept, storedImages, containers, domains, tags, logPage, perSecond, burst);
    }
}
