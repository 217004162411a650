package dev.lightkeeper.simulators.aws.host;

import dev.lightkeeper.simulators.aws.SimulatorClock;
import dev.lightkeeper.simulators.aws.application.ImageCatalogue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The hosts of one simulated world. */
public final class SimulatedHosts implements Hosts {
    // Worlds in one process share the loopback network, and hosts of all of them share port numbers.
    private static final AtomicInteger ADDRESSES =
            new AtomicInteger((int) (ProcessHandle.current().pid() * 256));

    private final SimulatorClock clock;
    private final ImageCatalogue catalogue;
    private final ParameterSource parameters;
    private final CloudLogs cloudLogs;
    private final HostEndpoint endpoint = new HostEndpoint(this::ofToken);
    private final Map<String, SimulatedHost> hosts = new HashMap<>();

    /**
     * A world without hosts yet.
     *
     * @param clock what hosts take for the time
     * @param catalogue what images do, and scripts that name an image
     * @param parameters what hosts read from Parameter Store
     */
    public SimulatedHosts(SimulatorClock clock, ImageCatalogue catalogue, ParameterSource parameters) {
        this(clock, catalogue, parameters, CloudLogs.NONE);
    }

    /**
     * A world without hosts yet.
     *
     * @param clock what hosts take for the time
     * @param catalogue what images do, and scripts that name an image
     * @param parameters what hosts read from Parameter Store
     * @param cloudLogs where Docker's driver awslogs ships to
     */
    public SimulatedHosts(
            SimulatorClock clock, ImageCatalogue catalogue, ParameterSource parameters, CloudLogs cloudLogs) {
        this.cloudLogs = cloudLogs;
        this.clock = clock;
        this.catalogue = catalogue;
        this.parameters = parameters;
    }

    @Override
    public synchronized SimulatedHost shell(String instanceId, String accountId, String region) {
        return hosts.computeIfAbsent(instanceId, id -> create(id, accountId, region));
    }

    @Override
    public synchronized void powered(String instanceId, boolean on) {
        SimulatedHost host = hosts.get(instanceId);
        if (host != null) {
            host.powered(on);
        }
    }

    @Override
    public synchronized void remove(String instanceId) {
        SimulatedHost host = hosts.remove(instanceId);
        if (host != null) {
            host.close();
        }
    }

    @Override
    public synchronized void close() {
        hosts.values().forEach(SimulatedHost::close);
        hosts.clear();
        endpoint.close();
    }

    private synchronized @Nullable SimulatedHost ofToken(String token) {
        return hosts.values().stream()
                .filter(host -> host.token().equals(token))
                .findFirst()
                .orElse(null);
    }

    private SimulatedHost create(String instanceId, String accountId, String region) {
        int number = ADDRESSES.incrementAndGet();
        InetAddress address = InetAddress.ofLiteral(
                "127." + (1 + (number >>> 16) % 254) + "." + (number >>> 8 & 255) + "." + (1 + (number & 255) % 254));
        try {
            Path root = Files.createTempDirectory("lightkeeper-host-");
            return new SimulatedHost(
                    new SimulatedHost.Place(
                            instanceId,
                            accountId,
                            region,
                            root,
                            address,
                            UUID.randomUUID().toString()),
                    clock,
                    catalogue,
                    parameters,
                    cloudLogs,
                    endpoint.url());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make a folder for a simulated host", e);
        }
    }
}
