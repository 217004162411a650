package dev.lightkeeper.telemetry;

import dev.lightkeeper.api.v1alpha1.AwsAccountStatus;
import dev.lightkeeper.api.v1alpha1.CheckType;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.desired.DesiredState.ResourceIdentity;
import dev.lightkeeper.observe.Readings;
import dev.lightkeeper.plan.Action;
import dev.lightkeeper.reconcile.Observations;
import dev.lightkeeper.telemetry.ServiceSeries.Service;
import dev.lightkeeper.verify.Measurements;
import dev.lightkeeper.verify.Prober;
import dev.lightkeeper.verify.TryLedger;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of one operator process; {@link Metric} lists them. Series of an object exist only while this process leads
 * and the object exists: nobody else takes them away.
 */
public final class Telemetry implements Observations, Measurements {
    private static final String LEASE = "lightkeeper";

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final PrometheusTextFormatWriter writer =
            PrometheusTextFormatWriter.builder().build();
    private final ServiceSeries services = new ServiceSeries(registry);
    private final AccountSeries accounts = new AccountSeries(registry);
    private final ControllerSeries controllers = new ControllerSeries(registry, this::gone);
    private final Histogram runs = Metric.RECONCILE.histogram(registry);
    private final Histogram awsCalls = Metric.AWS_CALLS.histogram(registry);
    private final Counter heldBack = Metric.AWS_HELD_BACK.counter(registry);
    private final Gauge leader = Metric.LEADER.gauge(registry);
    private final Gauge masterStatus = Metric.MASTER_STATUS.gauge(registry);
    private final Watchdog watchdog;
    private final ReadingAges readings;
    private final InstantSource clock;

    /**
     * Metrics of a process that does not lead yet.
     *
     * @param version of this build
     * @param watchdog hears of runs too
     */
    public Telemetry(String version, Watchdog watchdog, InstantSource clock) {
        this.watchdog = watchdog;
        this.clock = clock;
        this.readings = new ReadingAges(clock);
        Metric.OVERDUE.computed(registry, told -> told.call(seconds(watchdog.overdue())));
        Metric.LONGEST_RUN.computed(registry, told -> told.call(seconds(watchdog.longestRun())));
        Metric.READINGS.computed(
                registry,
                told -> Stream.of(Readings.Kind.values())
                        .forEach(kind ->
                                told.call(readings.oldest(kind), kind.name().toLowerCase(Locale.ROOT))));
        JvmMetrics.builder().register(registry);
        Metric.BUILD_INFO
                .info(registry)
                .setLabelValues(version, String.valueOf(Runtime.version().feature()));
        leads(false);
    }

    /** What the framework tells of its work. */
    public Metrics framework() {
        return controllers;
    }

    /** From now on this process leads, and at most so many runs go on at the same time. */
    public void leading(int mostRuns) {
        controllers.atMost(mostRuns);
        leads(true);
    }

    /** This process does not lead any more: what it knew of objects is for another to tell now. */
    public void followed() {
        leads(false);
        watchdog.followed();
        services.allGone();
        accounts.allGone();
    }

    private void leads(boolean now) {
        leader.set(now ? 1 : 0);
        masterStatus.labelValues(LEASE).set(now ? 1 : 0);
    }

    /**
     * An AWS call has ended.
     *
     * @param operation such as {@code lightsail:GetContainerServices}
     * @param outcome the name of the kind of failure, or {@code success}
     */
    public void awsCall(String operation, String outcome, Duration took) {
        awsCalls.labelValues(operation, outcome).observe(seconds(took));
    }

    /** An AWS call was not made because of a limit of our own. */
    public void awsCallHeldBack(String operation, String limit) {
        heldBack.labelValues(operation, limit).inc();
    }

    /** To be told of what is read on a budget. */
    public Readings readings() {
        return readings;
    }

    @Override
    public void began(String kind, ResourceID resource) {
        watchdog.began(resource);
    }

    @Override
    public void ran(String kind, ResourceID resource, Outcome outcome, Duration took, Instant due) {
        watchdog.ended(resource, due);
        runs.labelValues(kind, outcome.name()).observe(seconds(took));
    }

    @Override
    public void acted(ResourceID resource, @Nullable ServiceDeploymentStatus before, Action action) {
        services.acted(service(resource), before, action);
    }

    @Override
    public void told(
            ServiceDeployment resource,
            @Nullable ServiceDeploymentStatus before,
            ServiceDeploymentStatus now,
            Instant due) {
        services.told(
                service(ResourceID.fromResource(resource)),
                before,
                now,
                resource.getSpec().scale(),
                clock.instant(),
                due);
    }

    @Override
    public void told(String account, AwsAccountStatus now) {
        accounts.told(account, now);
    }

    @Override
    public void gone(ResourceID resource) {
        watchdog.gone(resource);
        if (resource.getNamespace().isPresent()) {
            services.gone(service(resource));
        } else {
            accounts.gone(resource.getName());
        }
    }

    @Override
    public void answered(ResourceIdentity resource, CheckType type, String check, Prober.Answer answer) {
        services.answered(service(resource), type, check, answer);
    }

    @Override
    public void tried(ResourceIdentity resource, CheckType type, TryLedger.Outcome outcome) {
        if (type == CheckType.Readiness) {
            services.readinessTried(service(resource), outcome);
        }
    }

    private static Service service(ResourceIdentity resource) {
        return new Service(resource.namespace(), resource.name());
    }

    private static Service service(ResourceID resource) {
        return new Service(resource.getNamespace().orElse(""), resource.getName());
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    /** In the text format of Prometheus. */
    public String scrape() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            writer.write(out, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
