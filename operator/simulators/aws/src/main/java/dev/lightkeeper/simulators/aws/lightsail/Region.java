package dev.lightkeeper.simulators.aws.lightsail;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.http.ApiError;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What one account has in one region. Guarded by the world's lock. */
final class Region {
    private static final int MOST_SNAPSHOTS = 500;

    final Scope scope;
    final Map<String, ContainerService> services = new LinkedHashMap<>();
    final Map<String, Certificate> certificates = new HashMap<>();
    /** Names taken by Lightsail resources that are not simulated. */
    final Set<String> otherNames = new HashSet<>();
    /** ECR repositories whose policy does not admit the image puller. */
    final Set<String> closedRepositories = new HashSet<>();

    private final TreeMap<Instant, Map<String, Snapshot>> past = new TreeMap<>();

    /**
     * One service as it was answered.
     *
     * @param service element of containerServices
     * @param deployments of the service
     */
    record Snapshot(ObjectNode service, ArrayNode deployments) {}

    Region(Scope scope) {
        this.scope = scope;
    }

    ContainerService service(String name) {
        ContainerService service = services.get(name);
        if (service == null) {
            throw notFound(name);
        }
        return service;
    }

    /** Remembers how a service stands, for reads that are made to be stale. */
    void remember(ContainerService service, Instant now) {
        Map<String, Snapshot> all =
                new LinkedHashMap<>(past.isEmpty() ? Map.of() : past.lastEntry().getValue());
        if (service.gone) {
            all.remove(service.name);
        } else {
            all.put(service.name, new Snapshot(ServiceWire.service(service), ServiceWire.deployments(service)));
        }
        past.put(now, all);
        if (past.size() > MOST_SNAPSHOTS) {
            past.pollFirstEntry();
        }
    }

    /** How things stood; before the first change there was nothing. */
    Map<String, Snapshot> at(Instant time) {
        Map.Entry<Instant, Map<String, Snapshot>> entry = past.floorEntry(time);
        return entry == null ? Map.of() : entry.getValue();
    }

    Snapshot at(Instant time, String name) {
        Snapshot snapshot = at(time).get(name);
        if (snapshot == null) {
            throw notFound(name);
        }
        return snapshot;
    }

    @Nullable
    ContainerService holderOf(String domain) {
        return services.values().stream()
                .filter(s -> s.domains.values().stream().anyMatch(d -> d.contains(domain)))
                .findFirst()
                .orElse(null);
    }

    private static ApiError notFound(String name) {
        return ApiError.notFound("The container service does not exist: " + name);
    }
}
