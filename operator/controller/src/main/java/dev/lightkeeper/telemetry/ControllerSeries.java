package dev.lightkeeper.telemetry;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.prometheus.metrics.core.datapoints.Timer;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the framework tells of its work, under the names of controller-runtime, which generic dashboards and alerts for
 * Kubernetes controllers know. None has a label for a single resource.
 */
final class ControllerSeries implements Metrics {
    private final Counter runs;
    private final Counter errors;
    private final Histogram time;
    private final Gauge active;
    private final Gauge mostWorkers;
    private final Gauge queue;
    private final Map<String, Set<ResourceID>> waiting = new ConcurrentHashMap<>();
    private final Consumer<ResourceID> gone;

    /** {@code gone} hears of every object that was removed, with a finalizer of ours or without. */
    ControllerSeries(PrometheusRegistry registry, Consumer<ResourceID> gone) {
        runs = Metric.CONTROLLER_RUNS.counter(registry);
        errors = Metric.CONTROLLER_ERRORS.counter(registry);
        time = Metric.CONTROLLER_TIME.histogram(registry);
        active = Metric.ACTIVE_WORKERS.gauge(registry);
        mostWorkers = Metric.MOST_WORKERS.gauge(registry);
        queue = Metric.QUEUE.gauge(registry);
        this.gone = gone;
    }

    void atMost(int runs) {
        mostWorkers.set(runs);
    }

    @Override
    public void reconcileCustomResource(HasMetadata resource, @Nullable RetryInfo retry, Map<String, Object> metadata) {
        waits(metadata, ResourceID.fromResource(resource), true);
    }

    @Override
    public void reconciliationExecutionStarted(HasMetadata resource, Map<String, Object> metadata) {
        waits(metadata, ResourceID.fromResource(resource), false);
        active.labelValues(controller(metadata)).inc();
    }

    @Override
    public void reconciliationExecutionFinished(HasMetadata resource, Map<String, Object> metadata) {
        active.labelValues(controller(metadata)).dec();
    }

    @Override
    public void finishedReconciliation(HasMetadata resource, Map<String, Object> metadata) {
        runs.labelValues(controller(metadata), "success").inc();
    }

    @Override
    public void failedReconciliation(HasMetadata resource, Exception exception, Map<String, Object> metadata) {
        runs.labelValues(controller(metadata), "error").inc();
        errors.labelValues(controller(metadata)).inc();
    }

    @Override
    public void cleanupDoneFor(ResourceID resource, Map<String, Object> metadata) {
        waits(metadata, resource, false);
        gone.accept(resource);
    }

    @Override
    public <T> T timeControllerExecution(ControllerExecution<T> execution) throws Exception {
        try (Timer _ = time.labelValues(execution.controllerName()).startTimer()) {
            return execution.execute();
        }
    }

    /** Kept as a set: the framework tells of no end where the object has gone before its turn. */
    private void waits(Map<String, Object> metadata, ResourceID resource, boolean now) {
        Set<ResourceID> all = waiting.computeIfAbsent(controller(metadata), _ -> ConcurrentHashMap.newKeySet());
        boolean _ = now ? all.add(resource) : all.remove(resource);
        queue.labelValues(controller(metadata)).set(all.size());
    }

    private static String controller(Map<String, Object> metadata) {
        return String.valueOf(metadata.get(Constants.CONTROLLER_NAME));
    }
}
