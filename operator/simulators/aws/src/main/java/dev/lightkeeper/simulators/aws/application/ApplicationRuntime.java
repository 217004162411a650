package dev.lightkeeper.simulators.aws.application;

import dev.lightkeeper.simulators.aws.SimulatorClock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Runs the applications of one simulated world. */
public final class ApplicationRuntime implements AutoCloseable {
    private static final long DEFAULT_SEED = 20_201_120L;

    private final SimulatorClock clock;
    private final ImageCatalogue catalogue;
    private final RuntimeTimings timings;
    private final Random random;
    private final Map<String, Balancer> balancers = new HashMap<>();
    private final Set<NodeGroup> groups = new HashSet<>();

    /**
     * A runtime with AWS-like timings and always the same randomness.
     *
     * @param clock moves everything but the latency of answers
     * @param catalogue what images do; may be changed while they run
     */
    public ApplicationRuntime(SimulatorClock clock, ImageCatalogue catalogue) {
        this(clock, catalogue, RuntimeTimings.defaults(), DEFAULT_SEED);
    }

    /**
     * A runtime with its own timings and randomness.
     *
     * @param clock moves everything but the latency of answers
     * @param catalogue what images do; may be changed while they run
     * @param timings how long AWS takes
     * @param seed for endpoints that fail now and then
     */
    public ApplicationRuntime(SimulatorClock clock, ImageCatalogue catalogue, RuntimeTimings timings, long seed) {
        this.clock = clock;
        this.catalogue = catalogue;
        this.timings = timings;
        this.random = new Random(seed);
    }

    /** {@return what images do here} */
    public ImageCatalogue catalogue() {
        return catalogue;
    }

    /**
     * Starts a deployment. Several may run at a time, of the same service too: only the one that the balancer is routed
     * to is reachable.
     *
     * @param serviceName whose deployment it is; for messages only
     * @param version of the deployment, in its system log lines
     * @param containers what runs on each node
     * @param endpoint where the public address leads to
     * @param nodes how many
     * @return the deployment, starting
     */
    public synchronized RunningDeployment start(
            String serviceName,
            int version,
            List<ContainerSpec> containers,
            @Nullable EndpointSpec endpoint,
            int nodes) {
        if (endpoint != null
                && containers.stream().noneMatch(each -> each.name().equals(endpoint.containerName()))) {
            throw new IllegalArgumentException(
                    "Deployment " + version + " of " + serviceName + " has no container " + endpoint.containerName());
        }
        NodeGroup group = new NodeGroup(clock, catalogue, timings, random, version, containers, endpoint);
        groups.removeIf(NodeGroup::stopped);
        groups.add(group);
        group.start(nodes);
        return group;
    }

    /**
     * The stable public address of a service, opened at the first call. After {@link Balancer#close()} the next call opens
     * another one, as a service that is deleted and created again gets another address.
     *
     * @param serviceName unique in this world: with account and region, where there are several
     * @return always the same one until it is closed
     */
    public synchronized Balancer balancer(String serviceName) {
        return balancers.computeIfAbsent(serviceName, name -> new Balancer(balancer -> forget(name, balancer)));
    }

    /** Stops all nodes and closes all addresses. */
    @Override
    public void close() {
        List<Balancer> open;
        synchronized (this) {
            groups.forEach(NodeGroup::close);
            groups.clear();
            open = List.copyOf(balancers.values());
        }
        open.forEach(Balancer::close);
    }

    private synchronized void forget(String serviceName, Balancer closed) {
        balancers.remove(serviceName, closed);
    }
}
