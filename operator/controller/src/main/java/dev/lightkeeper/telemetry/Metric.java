package dev.lightkeeper.telemetry;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Every metric of the operator's own. Labels hold names of objects and of declared checks, and words of fixed lists;
 * never images, URLs, messages or values.
 */
public enum Metric {
    BUILD_INFO("lightkeeper_build_info", Type.INFO, "The version that runs; always 1.", "version", "java"),
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
                    + " (too many unanswered calls) or budget (reads that can wait).",
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
            "Tries of the readiness check: good, bad, or unknown where the fault may be on the operator's side. The"
                    + " service level is good / (good + bad).",
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
            "Deployments that AWS accepted: Requested by a person or a manifest, or automatic (Rollback, Repair, Retry,"
                    + " Rotation).",
            "namespace",
            "name",
            "cause"),
    DRIFT_REPAIRS(
            "lightkeeper_drift_repairs_total",
            Type.COUNTER,
            "Changes by others that were taken back at AWS.",
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
    LIVE_SCALE("lightkeeper_live_scale", Type.GAUGE, "Replicas that AWS tells.", "namespace", "name"),
    READY_REPLICAS(
            "lightkeeper_ready_replicas",
            Type.GAUGE,
            "Replicas that are verified, where the target tells of each.",
            "namespace",
            "name"),
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

    private static final double[] SECONDS = {.01, .025, .05, .1, .2, .3, .5, 1, 2.5, 5, 10, 20, 60};

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
        HISTOGRAM,
        INFO
    }

    /** As Prometheus sees it; a histogram adds {@code _bucket}, {@code _count} and {@code _sum}. */
    public String exposedName() {
        return exposedName;
    }

    /** In the words of Prometheus' text format. */
    public String type() {
        return type == Type.INFO ? "gauge" : type.name().toLowerCase(Locale.ROOT);
    }

    /** One sentence, also the help text of a scrape. */
    public String meaning() {
        return meaning;
    }

    /** Names of the labels. */
    public List<String> labels() {
        return labels;
    }

    private String[] labelNames() {
        return labels.toArray(String[]::new);
    }

    Counter counter(PrometheusRegistry registry) {
        return Counter.builder()
                .name(exposedName)
                .help(meaning)
                .labelNames(labelNames())
                .register(registry);
    }

    Gauge gauge(PrometheusRegistry registry) {
        return Gauge.builder()
                .name(exposedName)
                .help(meaning)
                .labelNames(labelNames())
                .register(registry);
    }

    /** Asked at each scrape. */
    void computed(PrometheusRegistry registry, Consumer<GaugeWithCallback.Callback> values) {
        GaugeWithCallback.builder()
                .name(exposedName)
                .help(meaning)
                .labelNames(labelNames())
                .callback(values)
                .register(registry);
    }

    Histogram histogram(PrometheusRegistry registry) {
        return histogram(registry, SECONDS);
    }

    Histogram histogram(PrometheusRegistry registry, double... bounds) {
        return Histogram.builder()
                .name(exposedName)
                .help(meaning)
                .labelNames(labelNames())
                .classicOnly()
                .classicUpperBounds(bounds)
                .register(registry);
    }

    Info info(PrometheusRegistry registry) {
        return Info.builder()
                .name(exposedName)
                .help(meaning)
                .labelNames(labelNames())
                .register(registry);
    }
}
