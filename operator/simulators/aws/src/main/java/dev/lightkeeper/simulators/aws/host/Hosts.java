package dev.lightkeeper.simulators.aws.host;

/** Makes hosts; one folder and one loopback address for each instance. */
public interface Hosts extends AutoCloseable {
    /**
     * The host of an instance, made at first use.
     *
     * @param instanceId such as {@code i-0123456789abcdef0}
     * @param accountId twelve digits; whose parameters it reads
     * @param region such as {@code eu-central-1}; where it reads them
     * @return its shell, always of the same host until the instance is removed
     */
    Shell shell(String instanceId, String accountId, String region);

    /**
     * The instance stopped, or runs again: everything that ran on it is gone, but for what starts with the host.
     *
     * @param instanceId one that has no host yet changes nothing
     * @param on whether it runs
     */
    void powered(String instanceId, boolean on);

    /**
     * Terminated: its folder goes.
     *
     * @param instanceId one that has no host yet changes nothing
     */
    void remove(String instanceId);

    /** Removes all hosts. */
    @Override
    void close();
}
