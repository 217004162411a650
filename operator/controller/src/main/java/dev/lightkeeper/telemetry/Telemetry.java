package dev.lightkeeper.telemetry;

import dev.lightkeeper.api.v1alpha1.CheckResult;
import dev.lightkeeper.api.v1alpha1.CheckStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.observe.Readings;
import dev.lightkeeper.reconcile.Observations;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetrics;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The operator's metrics. No tag has a value that a user chooses: the number of series does not grow with the number of
 * resources.
 */
public final class Telemetry implements Observations, AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ReadingAges ages;
    private final Map<ResourceID, List<CheckResult>> checks = new ConcurrentHashMap<>();

    /** Metrics of one operator process. */
    public Telemetry(Clock clock) {
        ages = new ReadingAges(clock);
        for (Readings.Kind kind : Readings.Kind.values()) {
            Gauge.builder("lightkeeper.readings.oldest", ages, all -> all.oldest(kind))
                    .description("How long ago the oldest log, or list of stored images, was read that is still wanted")
                    .baseUnit("seconds")
                    .tag("kind", kind.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        for (CheckResult result : CheckResult.values()) {
            Gauge.builder("lightkeeper.checks", checks, all -> count(all, result))
                    .description("Checks of all ServiceDeployments by their last verdict")
                    .tag("status", result.name())
                    .register(registry);
        }
        Gauge.builder("lightkeeper.servicedeployments", checks, Map::size)
                .description("ServiceDeployments that this process has reconciled")
                .register(registry);
    }

    private static double count(Map<ResourceID, List<CheckResult>> all, CheckResult wanted) {
        return all.values().stream()
                .flatMap(List::stream)
                .filter(result -> result == wanted)
                .count();
    }

    /** The framework's own metrics, without series for each resource. */
    public Metrics framework() {
        return MicrometerMetrics.withoutPerResourceMetrics(registry);
    }

    @Override
    public void ran(String kind, Outcome outcome, Duration duration) {
        Timer.builder("lightkeeper.reconcile")
                .description("Runs by kind and by what became of the status")
                .tag("kind", kind)
                .tag("outcome", outcome.name())
                .register(registry)
                .record(duration);
    }

    /**
     * An AWS call has ended.
     *
     * @param operation such as {@code lightsail:GetContainerServices}
     * @param outcome the name of the kind of failure, or {@code success}
     */
    public void awsCall(String operation, String outcome, Duration duration) {
        Timer.builder("lightkeeper.aws.calls")
                .description("Calls of AWS by operation and outcome")
                .tag("operation", operation)
                .tag("outcome", outcome)
                .register(registry)
                .record(duration);
    }

    /** To be told of what is read on a budget. */
    public Readings readings() {
        return ages;
    }

    @Override
    public void told(ResourceID resource, ServiceDeploymentStatus status) {
        checks.put(
                resource,
                status.checks().stream()
                        .map(CheckStatus::status)
                        .map(result -> result == null ? CheckResult.Unknown : result)
                        .toList());
    }

    @Override
    public void gone(ResourceID resource) {
        checks.remove(resource);
    }

    /** In the text format of Prometheus. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        registry.close();
    }
}
