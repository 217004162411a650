package dev.lightkeeper.observe;

import java.util.List;
import java.util.Optional;

/**
 * The hosts of a service.
 *
 * @param hosts all instances that match, whatever their state, by id
 * @param command the one that was outstanding; Absent when SSM knows of none with its id, Unknown when it did not answer
 *     or none was outstanding
 */
public record LiveHosts(List<LiveHost> hosts, Observed<LiveCommand> command) {
    public LiveHosts {
        hosts = List.copyOf(hosts);
    }

    /** The host with that id. */
    public Optional<LiveHost> host(String instanceId) {
        return hosts.stream()
                .filter(host -> host.instanceId().equals(instanceId))
                .findFirst();
    }
}
