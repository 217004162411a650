package dev.lightkeeper.simulators.aws.lightsail;

import dev.lightkeeper.simulators.aws.application.Balancer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A container service as AWS holds it. Guarded by the world's lock. */
final class ContainerService {
    final Scope scope;
    final String name;
    final String arn;
    final Instant createdAt;
    final Balancer balancer;
    final CostMeter cost = new CostMeter();
    final LogArchive logs = new LogArchive();
    final MetricSeries metrics = new MetricSeries();
    final StoredImages images;
    final List<Deployment> deployments = new ArrayList<>();
    final Map<String, String> tags = new LinkedHashMap<>();
    final Map<String, List<String>> domains = new LinkedHashMap<>();

    ServiceState state = ServiceState.PENDING;

    @Nullable
    StateDetailCode detail;

    Power power;
    int scale;
    boolean disabled;
    boolean pullerActive;
    String pullerArn = "";
    String principalArn = "";

    @Nullable
    Deployment current;

    @Nullable
    Deployment next;

    int lastVersion;
    boolean frozen;
    boolean gone;
    /** Rises with every transition, so that steps of an overtaken one are dropped. */
    long transition;

    ContainerService(
            Scope scope, String name, String arn, Instant createdAt, Power power, int scale, Balancer balancer) {
        this.scope = scope;
        this.name = name;
        this.arn = arn;
        this.createdAt = createdAt;
        this.power = power;
        this.scale = scale;
        this.balancer = balancer;
        this.images = new StoredImages(name);
    }

    String url() {
        return "http://127.0.0.1:" + balancer.port() + "/";
    }

    String domainName() {
        return name + ".service.local";
    }

    /** The state of a service at rest. */
    ServiceState restingState() {
        if (disabled) {
            return ServiceState.DISABLED;
        }
        return current == null ? ServiceState.READY : ServiceState.RUNNING;
    }

    double monthlyPrice() {
        return power.monthlyPrice() * scale;
    }
}
