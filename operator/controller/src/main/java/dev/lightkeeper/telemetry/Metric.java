package dev.lightkeeper.telemetry;

import dev.lightkeeper.telemetry.Series.Exposed;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Every metric of the operator's own. Labels hold names of objects and of declared checks, and words of fixed lists;
 * never images, URLs, messages or values.
 */
public enum Metric {
    BUILD_INFO("lightkeeper_build_info", Type.GAUGE, "The version that runs; always 1.", "version", "java"),
    LEADER("lightkeeper_leader", Type.GAUGE, "1 while this replica leads, else 0."),
    MASTER_STATUS(
            "leader_election_master_status",
            Type.GAUGE,
            "The same under the name that Kubernetes' own components use.",
            "name"),
    OVERDUE(
            "lightkeeper_overdue_seconds",
            Type.GAUGE,
            "By how long the run that should have come first is late; 0 when none is."),
    LONGEST_RUN(
            "lightkeeper_longest_run_seconds", Type.GAUGE, "For how long the oldest run under way has been running."),
    RECONCILE(
            "lightkeeper_reconcile_seconds",
            Type.HISTOGRAM,
            "Runs by kind, and by what became of the status: written, unchanged, conflict or failed.",
            "kind",
            "outcome"),
    AWS_CALLS(
            "lightkeeper_aws_calls_seconds",
            Type.HISTOGRAM,
            "Calls of AWS; outcome is success, Terminal, Transient, Throttled, Conflict or Denied.",
            "operation",
            "outcome"),
    AWS_HELD_BACK(
            "lightkeeper_aws_calls_held_back_total",
            Type.COUNTER,
            "Calls of AWS that were not made yet because of the operator's own limits for the account: rate, places"
                    + " (too many unanswered calls), budget (reads that can wait) or pause (AWS throttled commands to hosts, or"
                    + " did not answer).",
            "operation",
            "limit"),
    READINGS(
            "lightkeeper_readings_oldest_seconds",
            Type.GAUGE,
            "How long ago the oldest log, or list of stored images, was read that is still wanted; kind is log or images.",
            "kind"),
    SERVICES("lightkeeper_servicedeployments", Type.GAUGE, "ServiceDeployments that this process has told of."),
    CHECKS(
            "lightkeeper_checks",
            Type.GAUGE,
            "Checks of all ServiceDeployments by their last verdict: Passing, Failing or Unknown.",
            "status"),
    CONDITION(
            "lightkeeper_condition",
            Type.GAUGE,
            "1 for the present status and reason of each condition of a ServiceDeployment.",
            "namespace",
            "name",
            "type",
            "status",
            "reason"),
    ACCOUNT_CONDITION(
            "lightkeeper_account_condition",
            Type.GAUGE,
            "1 for the present status and reason of each condition of an AwsAccount.",
            "name",
            "type",
            "status",
            "reason"),
    ACCOUNT_COST(
            "lightkeeper_account_monthly_cost_usd",
            Type.GAUGE,
            "List price of everything that counts against an AwsAccount's spending limit, in US dollars per month.",
            "name"),
    CHECK(
            "lightkeeper_check",
            Type.GAUGE,
            "1 for the present verdict of each declared check: Passing, Failing or Unknown.",
            "namespace",
            "name",
            "type",
            "check",
            "status"),
    READINESS_TRIES(
            "lightkeeper_readiness_tries_total",
            Type.COUNTER,
            "Tries of the readiness check, where hosts ask themselves one of each host: good, bad, or unknown where the"
                    + " fault may be on the operator's side. The service level is good / (good + bad).",
            "namespace",
            "name",
            "result"),
    PROBE(
            "lightkeeper_probe_seconds",
            Type.HISTOGRAM,
            "From sending a probe to the last byte of its answer.",
            "namespace",
            "name",
            "check"),
    PROBE_RESPONSES(
            "lightkeeper_probe_responses_total",
            Type.COUNTER,
            "Probes by class of answer: 2xx, 3xx, 4xx, 5xx, other, or none.",
            "namespace",
            "name",
            "class"),
    LOOK(
            "lightkeeper_look_timestamp_seconds",
            Type.GAUGE,
            "When a run of a ServiceDeployment last came to its end.",
            "namespace",
            "name"),
    NEXT_LOOK(
            "lightkeeper_next_look_timestamp_seconds",
            Type.GAUGE,
            "When the next run of a ServiceDeployment is due.",
            "namespace",
            "name"),
    VERIFIED(
            "lightkeeper_verified_timestamp_seconds",
            Type.GAUGE,
            "When a ServiceDeployment was last found Ready by this process.",
            "namespace",
            "name"),
    DEPLOYMENTS(
            "lightkeeper_deployments_total",
            Type.COUNTER,
            "Deployments that AWS accepted, or that were begun on EC2 hosts: Requested by a person or a manifest, or"
                    + " automatic (Rollback, Repair, Retry, Rotation).",
            "namespace",
            "name",
            "cause"),
    DRIFT_REPAIRS(
            "lightkeeper_drift_repairs_total",
            Type.COUNTER,
            "Changes by others that were taken back at AWS, and hosts that were made up for.",
            "namespace",
            "name"),
    ROLLOUT(
            "lightkeeper_rollout_seconds",
            Type.HISTOGRAM,
            "How long rollouts took that ended Verified, Failed, RolledBack or Superseded.",
            "result"),
    ROLLBACKS(
            "lightkeeper_rollbacks_total",
            Type.COUNTER,
            "Rollbacks that have ended, Verified or Failed.",
            "namespace",
            "name",
            "result"),
    DESIRED_SCALE("lightkeeper_desired_scale", Type.GAUGE, "Replicas that the manifest asks for.", "namespace", "name"),
    LIVE_SCALE(
            "lightkeeper_live_scale",
            Type.GAUGE,
            "Replicas that AWS tells; on EC2, hosts that run the service.",
            "namespace",
            "name"),
    READY_REPLICAS(
            "lightkeeper_ready_replicas",
            Type.GAUGE,
            "Hosts whose own answers are good; absent where no host is asked by itself, as at Lightsail.",
            "namespace",
            "name"),
    HOSTS(
            "lightkeeper_hosts",
            Type.GAUGE,
            "EC2 hosts that match: serving, spare (runs without the service), unreachable (runs, but SSM does not"
                    + " reach it) or away (does not run).",
            "namespace",
            "name",
            "state"),
    COST(
            "lightkeeper_monthly_cost_usd",
            Type.GAUGE,
            "List price of a service's power times its scale, in US dollars per month, without traffic.",
            "namespace",
            "name"),
    CONTROLLER_RUNS(
            "controller_runtime_reconcile_total",
            Type.COUNTER,
            "Runs by controller and result, success or error.",
            "controller",
            "result"),
    CONTROLLER_ERRORS(
            "controller_runtime_reconcile_errors_total", Type.COUNTER, "Runs that ended in an error.", "controller"),
    CONTROLLER_TIME("controller_runtime_reconcile_time_seconds", Type.HISTOGRAM, "How long runs take.", "controller"),
    ACTIVE_WORKERS("controller_runtime_active_workers", Type.GAUGE, "Runs under way.", "controller"),
    MOST_WORKERS(
            "controller_runtime_max_concurrent_reconciles",
            Type.GAUGE,
            "Most runs at the same time, of all controllers together."),
    QUEUE("workqueue_depth", Type.GAUGE, "Runs that are due and wait for a worker.", "name");

    private static final List<Duration> TIMES = Stream.of(
                    10, 25, 50, 100, 200, 300, 500, 1000, 2500, 5000, 10_000, 20_000, 60_000)
            .map(Duration::ofMillis)
            .toList();

    private final String exposedName;
    private final Type type;
    private final String meaning;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> labels;

    Metric(String exposedName, Type type, String meaning, String... labels) {
        this.exposedName = exposedName;
        this.type = type;
        this.meaning = meaning;
        this.labels = List.of(labels);
    }

    private enum Type {
        COUNTER,
        GAUGE,
        HISTOGRAM
    }

    /** As Prometheus sees it; a histogram adds {@code _bucket}, {@code _count} and {@code _sum}. */
    public String exposedName() {
        return exposedName;
    }

    /** In the words of Prometheus' text format. */
    public String type() {
        return type.name().toLowerCase(Locale.ROOT);
    }

    /** One sentence, also the help text of a scrape. */
    public String meaning() {
        return meaning;
    }

    /** Names of the labels. */
    public List<String> labels() {
        return labels;
    }

    Series<Counter> counter(MeterRegistry registry) {
        return new Series<>(registry, values -> {
            Counter counter = Counter.builder(meterName())
                    .description(meaning)
                    .tags(tags(values))
                    .register(registry);
            return new Exposed<>(counter, counter);
        });
    }

    Series<Level> gauge(MeterRegistry registry) {
        return new Series<>(registry, values -> {
            Level level = new Level();
            return new Exposed<>(register(registry, level::get, values), level);
        });
    }

    /** Asked at each scrape, from now on. */
    void computed(MeterRegistry registry, Supplier<Number> value, String... values) {
        var _ = register(registry, value, List.of(values));
    }

    private Gauge register(MeterRegistry registry, Supplier<Number> value, List<String> values) {
        return Gauge.builder(meterName(), value)
                .description(meaning)
                .tags(tags(values))
                .register(registry);
    }

    Series<Timer> timer(MeterRegistry registry) {
        return timer(registry, TIMES);
    }

    Series<Timer> timer(MeterRegistry registry, List<Duration> buckets) {
        return new Series<>(registry, values -> {
            Timer timer = Timer.builder(meterName())
                    .description(meaning)
                    .tags(tags(values))
                    .serviceLevelObjectives(buckets.toArray(Duration[]::new))
                    .register(registry);
            return new Exposed<>(timer, timer);
        });
    }

    /** Micrometer's convention for Prometheus makes the exposed name of it again. */
    private String meterName() {
        String name = switch (type) {
            case COUNTER -> exposedName.replaceFirst("_total$", "");
            case HISTOGRAM -> exposedName.replaceFirst("_seconds$", "");
            case GAUGE -> exposedName;
        };
        return name.replace('_', '.');
    }

    private List<Tag> tags(List<String> values) {
        if (values.size() != labels.size()) {
            throw new IllegalArgumentException(exposedName + " has the labels " + labels + ", not values " + values);
        }
        return IntStream.range(0, labels.size())
                .mapToObj(label -> Tag.of(labels.get(label), values.get(label)))
                .toList();
    }
}
