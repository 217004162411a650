package dev.lightkeeper.telemetry;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
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
    private final Series<Counter> runs;
    private final Series<Counter> errors;
    private final Series<Timer> time;
    private final Series<Level> active;
    private final Series<Level> mostWorkers;
    private final Series<Level> queue;
    private final Map<String, Set<ResourceID>> waiting = new ConcurrentHashMap<>();
    private final Consumer<ResourceID> gone;

    /** {@code gone} hears of every object that was removed, with a finalizer of ours or without. */
    ControllerSeries(MeterRegistry registry, Consumer<ResourceID> gone) {
        runs = Metric.CONTROLLER_RUNS.counter(registry);
        errors = Metric.CONTROLLER_ERRORS.counter(registry);
        time = Metric.CONTROLLER_TIME.timer(registry);
        active = Metric.ACTIVE_WORKERS.gauge(registry);
        mostWorkers = Metric.MOST_WORKERS.gauge(registry);
        queue = Metric.QUEUE.gauge(registry);
        this.gone = gone;
    }

    void atMost(int runs) {
        mostWorkers.with().set(runs);
    }

    @Override
    public void reconcileCustomResource(HasMetadata resource, @Nullable RetryInfo retry, Map<String, Object> metadata) {
        waits(metadata, ResourceID.fromResource(resource), true);
    }

    @Override
    public void reconciliationExecutionStarted(HasMetadata resource, Map<String, Object> metadata) {
        waits(metadata, ResourceID.fromResource(resource), false);
        active.with(controller(metadata)).add(1);
    }

    @Override
    public void reconciliationExecutionFinished(HasMetadata resource, Map<String, Object> metadata) {
        active.with(controller(metadata)).add(-1);
    }

    @Override
    public void finishedReconciliation(HasMetadata resource, Map<String, Object> metadata) {
        runs.with(controller(metadata), "success").increment();
    }

    @Override
    public void failedReconciliation(HasMetadata resource, Exception exception, Map<String, Object> metadata) {
        runs.with(controller(metadata), "error").increment();
        errors.with(controller(metadata)).increment();
    }

    @Override
    public void cleanupDoneFor(ResourceID resource, Map<String, Object> metadata) {
        waits(metadata, resource, false);
        gone.accept(resource);
    }

    @Override
    public <T> T timeControllerExecution(ControllerExecution<T> execution) throws Exception {
        Timer.Sample begun = Timer.start();
        try {
            return execution.execute();
        } finally {
            var _ = begun.stop(time.with(execution.controllerName()));
        }
    }

    /** Kept as a set: the framework tells of no end where the object has gone before its turn. */
    private void waits(Map<String, Object> metadata, ResourceID resource, boolean now) {
        Set<ResourceID> all = waiting.computeIfAbsent(controller(metadata), _ -> ConcurrentHashMap.newKeySet());
        boolean _ = now ? all.add(resource) : all.remove(resource);
        queue.with(controller(metadata)).set(all.size());
    }

    private static String controller(Map<String, Object> metadata) {
        return String.valueOf(metadata.get(Constants.CONTROLLER_NAME));
    }
}
