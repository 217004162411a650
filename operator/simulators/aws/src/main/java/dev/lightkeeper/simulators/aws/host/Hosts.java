package dev.lightkeeper.simulators.aws.host;

/** Makes hosts; one folder and one loopback address for each instance. */
public interface Hosts extends AutoCloseable {
    /**
     * {@return the host of an instance, made at first use}
     *
     * @param instanceId of the instance
     * @param accountId twelve digits
     * @param region such as {@code eu-central-1}
     */
    Shell shell(String instanceId, String accountId, String region);

    /**
     * The instance stopped, or runs again: everything that ran on it is gone.
     *
     * @param instanceId of the instance, also of one that never had a host
     * @param on whether it runs
     */
    void powered(String instanceId, boolean on);

    /**
     * Terminated: its folder goes.
     *
     * @param instanceId of the instance, also of one that never had a host
     */
    void remove(String instanceId);

    @Override
    void close();
}
