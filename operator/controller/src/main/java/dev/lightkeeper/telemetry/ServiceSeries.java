package dev.lightkeeper.telemetry;

import dev.lightkeeper.api.v1alpha1.AutomaticActKind;
import dev.lightkeeper.api.v1alpha1.CheckResult;
import dev.lightkeeper.api.v1alpha1.CheckType;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.HistoryEntry;
import dev.lightkeeper.api.v1alpha1.HostStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RolloutPhase;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.plan.Action;
import dev.lightkeeper.verify.Prober;
import dev.lightkeeper.verify.TryLedger;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The series of each ServiceDeployment, all with its namespace and name; they vanish with it. */
final class ServiceSeries {
    private static final List<Duration> ROLLOUT_TIMES =
            Stream.of(1, 2, 3, 5, 10, 15, 20, 30, 60).map(Duration::ofMinutes).toList();

    private final StateSeries conditions;
    private final StateSeries checks;
    private final Series<Counter> readinessTries;
    private final Series<Timer> probes;
    private final Series<Counter> responses;
    private final Series<Level> look;
    private final Series<Level> nextLook;
    private final Series<Level> verified;
    private final Series<Counter> deployments;
    private final Series<Counter> driftRepairs;
    private final Series<Timer> rollouts;
    private final Series<Counter> rollbacks;
    private final Series<Level> desiredScale;
    private final Series<Level> liveScale;
    private final Series<Level> readyReplicas;
    private final Series<Level> hosts;
    private final Series<Level> cost;
    private final List<Series<?>> byResource;

    ServiceSeries(MeterRegistry registry) {
        conditions = new StateSeries(Metric.CONDITION.gauge(registry));
        checks = new StateSeries(Metric.CHECK.gauge(registry));
        Metric.SERVICES.computed(registry, conditions::objects);
        Stream.of(CheckResult.values())
                .map(CheckResult::name)
                .forEach(status -> Metric.CHECKS.computed(registry, () -> checks.count(status), status));
        readinessTries = Metric.READINESS_TRIES.counter(registry);
        probes = Metric.PROBE.timer(registry);
        responses = Metric.PROBE_RESPONSES.counter(registry);
        look = Metric.LOOK.gauge(registry);
        nextLook = Metric.NEXT_LOOK.gauge(registry);
        verified = Metric.VERIFIED.gauge(registry);
        deployments = Metric.DEPLOYMENTS.counter(registry);
        driftRepairs = Metric.DRIFT_REPAIRS.counter(registry);
        rollouts = Metric.ROLLOUT.timer(registry, ROLLOUT_TIMES);
        rollbacks = Metric.ROLLBACKS.counter(registry);
        desiredScale = Metric.DESIRED_SCALE.gauge(registry);
        liveScale = Metric.LIVE_SCALE.gauge(registry);
        readyReplicas = Metric.READY_REPLICAS.gauge(registry);
        hosts = Metric.HOSTS.gauge(registry);
        cost = Metric.COST.gauge(registry);
        byResource = List.of(
                readinessTries,
                probes,
                responses,
                look,
                nextLook,
                verified,
                deployments,
                driftRepairs,
                rollbacks,
                desiredScale,
                liveScale,
                readyReplicas,
                hosts,
                cost);
    }

    /** What counts of a host: few words, since which host it is stands in the status. */
    private enum HostState {
        /** It runs the service, as far as anybody knows, and SSM reaches it. */
        serving,
        /** It runs without the service, and could take it. */
        spare,
        /** It runs, but SSM does not reach it. */
        unreachable,
        /** It does not run, or not yet. */
        away;

        static HostState of(HostStatus host) {
            return switch (host.state()) {
                case HostStatus.RUNNING -> host.revision() == null ? spare : serving;
                case HostStatus.UNREACHABLE -> unreachable;
                case null, default -> away;
            };
        }
    }

    /** Whose series. */
    record Service(String namespace, String name) {
        private String[] with(String... further) {
            String[] labels = new String[2 + further.length];
            labels[0] = namespace;
            labels[1] = name;
            System.arraycopy(further, 0, labels, 2, further.length);
            return labels;
        }

        private List<String> state(String... further) {
            return List.of(with(further));
        }
    }

    void told(
            Service service,
            @Nullable ServiceDeploymentStatus before,
            ServiceDeploymentStatus now,
            @Nullable Integer wanted,
            Instant at,
            Instant next) {
        conditions.show(
                service.state(),
                now.conditions().stream()
                        .map(condition ->
                                service.state(condition.type(), String.valueOf(condition.status()), condition.reason()))
                        .collect(Collectors.toSet()));
        checks.show(
                service.state(),
                now.checks().stream()
                        .map(check -> service.state(
                                String.valueOf(check.type()), check.name(), String.valueOf(check.status())))
                        .collect(Collectors.toSet()));
        show(look, service, seconds(at));
        show(nextLook, service, seconds(next));
        if (isReady(now)) {
            show(verified, service, seconds(at));
        }
        show(desiredScale, service, number(wanted));
        show(liveScale, service, number(now.replicas()));
        show(readyReplicas, service, number(now.readyReplicas()));
        if (now.ec2() != null) {
            for (HostState state : HostState.values()) {
                double count = now.hosts().stream()
                        .filter(host -> HostState.of(host) == state)
                        .count();
                hosts.with(service.with(state.name())).set(count);
            }
        }
        show(cost, service, Dollars.of(now.estimatedMonthlyCostUsd()));
        // From the first look on, so that an increase from nothing is seen as one.
        var _ = driftRepairs.with(service.with());
        if (before != null) {
            now.history().stream().filter(entry -> hasJustEnded(entry, before)).forEach(this::rolledOut);
            if (isRollingBack(before) && !isRollingBack(now)) {
                rollbacks
                        .with(service.with(hasReason(now, Reason.RollbackFailed) ? "Failed" : "Verified"))
                        .increment();
            }
        }
    }

    private static boolean isReady(ServiceDeploymentStatus status) {
        return status.conditions().stream()
                .anyMatch(condition -> condition.type().equals("Ready") && condition.status() == ConditionStatus.True);
    }

    private static boolean hasJustEnded(HistoryEntry entry, ServiceDeploymentStatus before) {
        return entry.result() != null
                && before.history().stream()
                        .noneMatch(old -> old.revision().equals(entry.revision())
                                && old.result() == entry.result()
                                && Objects.equals(old.startedTime(), entry.startedTime()));
    }

    private static boolean isRollingBack(ServiceDeploymentStatus status) {
        return status.rollout() != null && status.rollout().phase() == RolloutPhase.RollingBack;
    }

    private static boolean hasReason(ServiceDeploymentStatus status, Reason reason) {
        return status.conditions().stream()
                .anyMatch(condition -> condition.reason().equals(reason.name()));
    }

    private void rolledOut(HistoryEntry entry) {
        if (entry.startedTime() != null && entry.finishedTime() != null) {
            rollouts.with(String.valueOf(entry.result()))
                    .record(Duration.between(entry.startedTime(), entry.finishedTime()));
        }
    }

    /** AWS accepted a change. */
    void acted(Service service, @Nullable ServiceDeploymentStatus before, Action action) {
        if (action instanceof Action.Deploy deploy) {
            AutomaticActKind automatic = deploy.automatic();
            deployments
                    .with(service.with(automatic == null ? "Requested" : automatic.name()))
                    .increment();
        }
        if (isRepair(before, action)) {
            driftRepairs.with(service.with()).increment();
        }
    }

    private static boolean isRepair(@Nullable ServiceDeploymentStatus before, Action action) {
        return switch (action) {
            case Action.Deploy deploy -> deploy.automatic() == AutomaticActKind.Repair;
            case Action.UpdateCapacity update ->
                update.reason() == Reason.PowerMismatch || update.reason() == Reason.ScaleMismatch;
            // What was in sync under the same spec and is not now was changed by others.
            case Action.UpdateAccess _, Action.ChangeTags _ -> wasInSync(before);
            case Action.CreateService _, Action.DeleteService _, Action.CommandHosts _ -> false;
        };
    }

    private static boolean wasInSync(@Nullable ServiceDeploymentStatus before) {
        return before != null
                && before.conditions().stream()
                        .anyMatch(condition -> condition.type().equals("Synced")
                                && condition.status() == ConditionStatus.True
                                && Objects.equals(condition.observedGeneration(), before.observedGeneration()));
    }

    void answered(Service service, CheckType type, String check, Prober.Answer answer) {
        switch (answer) {
            case Prober.Answer.Response response -> {
                probes.with(service.with(type == CheckType.Readiness ? check : type + "/" + check))
                        .record(response.latency());
                int hundreds = response.status() / 100;
                responses
                        .with(service.with(hundreds >= 2 && hundreds <= 5 ? hundreds + "xx" : "other"))
                        .increment();
            }
            case Prober.Answer.NoResponse _ ->
                responses.with(service.with("none")).increment();
        }
    }

    void readinessTried(Service service, TryLedger.Outcome outcome) {
        for (String judged : List.of("good", "bad")) {
            var _ = readinessTries.with(service.with(judged));
        }
        readinessTries
                .with(service.with(
                        switch (outcome) {
                            case Pass -> "good";
                            case Miss -> "bad";
                            case Unclear -> "unknown";
                        }))
                .increment();
    }

    void gone(Service service) {
        conditions.show(service.state(), Set.of());
        checks.show(service.state(), Set.of());
        byResource.forEach(metric -> metric.removeIf(labels ->
                labels.get(0).equals(service.namespace()) && labels.get(1).equals(service.name())));
    }

    void allGone() {
        conditions.forgetAll();
        checks.forgetAll();
        byResource.forEach(Series::clear);
    }

    private static void show(Series<Level> gauge, Service service, @Nullable Double value) {
        if (value == null) {
            gauge.remove(service.with());
        } else {
            gauge.with(service.with()).set(value);
        }
    }

    private static double seconds(Instant time) {
        return time.toEpochMilli() / 1000.0;
    }

    private static @Nullable Double number(@Nullable Integer value) {
        return value == null ? null : value.doubleValue();
    }
}
