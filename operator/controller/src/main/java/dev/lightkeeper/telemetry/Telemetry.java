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
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of one operator process; {@link Metric} lists them. Series of an object exist only while this process leads
 * and the object exists: nobody else takes them away.
 */
public final class Telemetry implements Observations, Measurements, AutoCloseable {
    private static final String LEASE = "lightkeeper";

    /** As Prometheus sees them: without the {@code _max} that Micrometer adds to each timer. */
    private final Set<String> names = ConcurrentHashMap.newKeySet();

    private final PrometheusMeterRegistry registry = registry(names);
    private final JvmGcMetrics garbage = new JvmGcMetrics();
    private final ServiceSeries services = new ServiceSeries(registry);
    private final AccountSeries accounts = new AccountSeries(registry);
    private final ControllerSeries controllers = new ControllerSeries(registry, this::gone);
    private final Series<Timer> runs = Metric.RECONCILE.timer(registry);
    private final Series<Timer> awsCalls = Metric.AWS_CALLS.timer(registry);
    private final Series<Counter> heldBack = Metric.AWS_HELD_BACK.counter(registry);
    private final Series<Level> leader = Metric.LEADER.gauge(registry);
    private final Series<Level> masterStatus = Metric.MASTER_STATUS.gauge(registry);
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
        Metric.OVERDUE.computed(registry, () -> seconds(watchdog.overdue()));
        Metric.LONGEST_RUN.computed(registry, () -> seconds(watchdog.longestRun()));
        for (Readings.Kind kind : Readings.Kind.values()) {
            Metric.READINGS.computed(
                    registry, () -> readings.oldest(kind), kind.name().toLowerCase(Locale.ROOT));
        }
        Metric.BUILD_INFO.computed(
                registry, () -> 1, version, String.valueOf(Runtime.version().feature()));
        tellOfTheProcess();
        leads(false);
    }

    private static PrometheusMeterRegistry registry(Set<String> names) {
        PrometheusMeterRegistry registry =
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT).throwExceptionOnRegistrationFailure();
        // The node exporter tells of the machine, and nanoseconds are no unit of Prometheus.
        var _ = registry.config()
                .meterFilter(MeterFilter.denyNameStartsWith("system."))
                .meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"))
                .onMeterAdded(meter -> names.add(
                        meter.getId().getConventionName(registry.config().namingConvention())));
        return registry;
    }

    private void tellOfTheProcess() {
        Stream.<MeterBinder>of(
                        new JvmMemoryMetrics(),
                        garbage,
                        new JvmThreadMetrics(),
                        new ProcessorMetrics(),
                        new UptimeMetrics())
                .forEach(binder -> binder.bindTo(registry));
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
        leader.with().set(now ? 1 : 0);
        masterStatus.with(LEASE).set(now ? 1 : 0);
    }

    /**
     * An AWS call has ended.
     *
     * @param operation such as {@code lightsail:GetContainerServices}
     * @param outcome the name of the kind of failure, or {@code success}
     */
    public void awsCall(String operation, String outcome, Duration took) {
        awsCalls.with(operation, outcome).record(took);
    }

    /** An AWS call was not made because of a limit of our own. */
    public void awsCallHeldBack(String operation, String limit) {
        heldBack.with(operation, limit).increment();
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
        runs.with(kind, outcome.name()).record(took);
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
        return registry.scrape("text/plain", names);
    }

    /** Stops to listen to the process. */
    @Override
    public void close() {
        garbage.close();
        registry.close();
    }
}
