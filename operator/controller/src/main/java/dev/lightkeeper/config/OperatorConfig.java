package dev.lightkeeper.config;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How one operator process is set up. See {@link Setting} for the variable behind each member.
 *
 * @param watchedNamespaces empty means all
 * @param namespace the operator's own: lease and digest key live there
 * @param awsEndpoint instead of AWS's own addresses, null for real AWS
 * @param speed divides the operator's fixed intervals; 1 for real AWS
 * @param listenPort 0 takes any free port
 * @param shutdown how long running reconciliations may take to end
 */
public record OperatorConfig(
        Set<String> watchedNamespaces,
        String namespace,
        String podName,
        boolean leaderElection,
        String leaseName,
        boolean probePrivateAddresses,
        @Nullable URI awsEndpoint,
        double speed,
        int listenPort,
        int maxConcurrentReconciles,
        Duration shutdown) {
    public OperatorConfig {
        watchedNamespaces = Set.copyOf(watchedNamespaces);
    }
}
