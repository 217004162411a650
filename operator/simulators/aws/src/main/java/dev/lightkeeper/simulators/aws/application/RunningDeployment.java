package dev.lightkeeper.simulators.aws.application;

import java.util.List;

/** The nodes of one deployment version, running its containers, with AWS's health check on the endpoint. */
public interface RunningDeployment extends AutoCloseable {
    /** AWS's verdict on the deployment. It is given once: an ACTIVE deployment that dies later stays ACTIVE. */
    enum Health {
        /** Nodes are being started and checked. */
        STARTING,
        /** All nodes were healthy at the same time; without an endpoint: all containers ran. */
        HEALTHY,
        /** The image cannot be pulled, the process exits again and again, or the time is over; nodes are gone. */
        FAILED
    }

    /** {@return the verdict so far} */
    Health health();

    /**
     * Starts or removes nodes; those that stay are not disturbed.
     *
     * @param nodes how many there shall be
     */
    void scale(int nodes);

    /** {@return application and system lines of all nodes in ascending order} */
    List<LogLine> logs();

    /** {@return average over the nodes that run, 0 when none does} */
    double cpuPercent();

    /** {@return average over the nodes that run, 0 when none does} */
    double memoryPercent();

    /**
     * Lets one node refuse every connection, until it is healed. It is not replaced meanwhile.
     *
     * @param index from 0
     */
    void breakNode(int index);

    /**
     * Lets one node alone behave differently from its image, until it is healed: for example fail on a path that AWS's
     * own check does not look at.
     *
     * @param index from 0
     * @param instead how the endpoint's container answers
     */
    void breakNode(int index, Behaviour instead);

    /**
     * Ends what {@code breakNode} did.
     *
     * @param index from 0
     */
    void healNode(int index);

    /** Stops all nodes; the logs stay readable. */
    @Override
    void close();
}
