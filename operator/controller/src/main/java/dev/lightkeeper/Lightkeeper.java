package dev.lightkeeper;

import dev.lightkeeper.api.v1alpha1.AwsAccount;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.config.OperatorConfig;
import dev.lightkeeper.desired.Digester;
import dev.lightkeeper.desired.Reference;
import dev.lightkeeper.desired.References;
import dev.lightkeeper.kube.AccountUsers;
import dev.lightkeeper.kube.AwsAccountDirectory;
import dev.lightkeeper.kube.DigestKey;
import dev.lightkeeper.kube.EventRecorder;
import dev.lightkeeper.kube.KubernetesClients;
import dev.lightkeeper.kube.KubernetesReferences;
import dev.lightkeeper.kube.LeaderElection;
import dev.lightkeeper.kube.Namespaces;
import dev.lightkeeper.kube.RevisionStore;
import dev.lightkeeper.kube.StatusWriter;
import dev.lightkeeper.plan.Timings;
import dev.lightkeeper.reconcile.AccountReport;
import dev.lightkeeper.reconcile.AwsAccountReconciler;
import dev.lightkeeper.reconcile.Run;
import dev.lightkeeper.reconcile.Schedule;
import dev.lightkeeper.reconcile.ServiceDeploymentReconciler;
import dev.lightkeeper.reconcile.Trace;
import dev.lightkeeper.reconcile.TriggerFilter;
import dev.lightkeeper.reconcile.WakeUp;
import dev.lightkeeper.telemetry.HealthServer;
import dev.lightkeeper.telemetry.Telemetry;
import dev.lightkeeper.telemetry.Watchdog;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running operator. The process, the sandbox and the tests all start this very object. */
public final class Lightkeeper implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Lightkeeper.class);
    private static final String FINALIZER = "lightkeeper.dev/finalizer";
    private static final Duration ACCOUNT_LOOK = Duration.ofSeconds(60);
    private static final Duration SAFETY_NET = Duration.ofMinutes(15);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);

    private final OperatorConfig config;
    private final KubernetesClient client;
    private final Parts parts;
    private final Runnable fatal;
    private final Clock clock;
    private final RandomGenerator random;
    private final Watchdog watchdog;
    private final Telemetry telemetry;
    private final HealthServer health;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final @Nullable LeaderElection election;
    private volatile @Nullable Operator operator;
    private volatile @Nullable Steps steps;

    /** Makes everything that is not Kubernetes. */
    @FunctionalInterface
    public interface Parts {
        /** Called once, when this process begins to lead. */
        Steps assemble(Ports ports);
    }

    /**
     * What the steps may use.
     *
     * @param clusterId identifies the cluster in tags
     * @param driftHeldUntil until then drift is told and not corrected, since the operator was away; null when it was not
     */
    public record Ports(
            OperatorConfig config,
            References references,
            AwsAccountDirectory accounts,
            Namespaces namespaces,
            String clusterId,
            Digester digester,
            Timings timings,
            Schedule schedule,
            Telemetry telemetry,
            Clock clock,
            RandomGenerator random,
            @Nullable Instant driftHeldUntil) {}

    /**
     * The assembled steps.
     *
     * @param initial the first status of a resource, before any look at AWS
     * @param trace follows the runs of accounts, too
     * @param close what has to be closed when no run is under way any more
     */
    public record Steps(
            Run pipeline,
            Function<ServiceDeployment, ServiceDeploymentStatus> initial,
            AccountReport accounts,
            Trace trace,
            Runnable close) {}

    private Lightkeeper(
            OperatorConfig config,
            KubernetesClient client,
            Parts parts,
            Runnable fatal,
            Clock clock,
            RandomGenerator random) {
        this.config = config;
        this.client = client;
        this.parts = parts;
        this.fatal = fatal;
        this.clock = clock;
        this.random = random;
        this.watchdog = new Watchdog(clock);
        this.telemetry = new Telemetry(Version.current(), watchdog, clock);
        this.health = new HealthServer(config.listenPort(), watchdog::complaint, this::ready, telemetry::scrape);
        this.election = config.leaderElection() ? election() : null;
    }

    /**
     * Starts; without leader election it returns when the operator runs, else when it competes for the lease.
     *
     * @param client made by {@link KubernetesClients}; stays open when this is closed
     * @param fatal called when this operator must not go on: the lease is lost or a watch has broken for good. In a process
     *     it halts
     */
    public static Lightkeeper start(
            OperatorConfig config,
            KubernetesClient client,
            Parts parts,
            Runnable fatal,
            Clock clock,
            RandomGenerator random) {
        Lightkeeper lightkeeper = new Lightkeeper(config, client, parts, fatal, clock, random);
        try {
            if (lightkeeper.election == null) {
                lightkeeper.lead();
            } else {
                lightkeeper.election.start();
            }
            return lightkeeper;
        } catch (RuntimeException e) {
            lightkeeper.close();
            throw e;
        }
    }

    /** Where {@code /livez}, {@code /readyz} and {@code /metrics} are. */
    public int port() {
        return health.port();
    }

    /** A standby is ready; a leader is when its watches are. */
    private boolean ready() {
        Operator running = operator;
        return running == null
                || (running.getRuntimeInfo().isStarted()
                        && running.getRuntimeInfo().allEventSourcesAreHealthy());
    }

    private LeaderElection election() {
        return new LeaderElection(
                KubernetesClients.leaseClient(client.getConfiguration()),
                LeaderElection.Seat.standard(config.namespace(), config.leaseName(), config.podName()),
                watchdog::leaseSeen,
                this::lead,
                fatal);
    }

    private void lead() {
        Ports ports = ports();
        Steps assembled = parts.assemble(ports);
        steps = assembled;
        Operator starting = operator(assembled, ports);
        synchronized (this) {
            if (closed.get()) {
                return;
            }
            telemetry.leading(config.maxConcurrentReconciles());
            starting.start();
            operator = starting;
        }
        log.info("leading");
    }

    private Ports ports() {
        Namespaces namespaces = new Namespaces(client);
        Timings timings = Timings.standard().divided(config.speed());
        return new Ports(
                config,
                new KubernetesReferences(client),
                new AwsAccountDirectory(client),
                namespaces,
                clusterId(namespaces),
                new DigestKey(client, config.namespace(), new SecureRandom()).digester(),
                timings,
                new Schedule(random),
                telemetry,
                clock,
                random,
                driftHeldUntil(timings));
    }

    /** Without a lease nobody knows for how long no operator has looked; without an election nobody asked. */
    private @Nullable Instant driftHeldUntil(Timings timings) {
        LeaderElection won = election;
        if (won == null) {
            return null;
        }
        Instant now = clock.instant();
        boolean away = won.lastSignOfLife()
                .filter(seen -> now.isBefore(seen.plus(timings.absence())))
                .isEmpty();
        return away ? now.plus(timings.absence()) : null;
    }

    private static String clusterId(Namespaces namespaces) {
        return switch (namespaces.clusterId()) {
            case Reference.Found<String>(String id) -> id;
            case Reference.Missing<String>(String what) -> throw new IllegalStateException(what + " does not exist");
            case Reference.Unreadable<String>(String what, var failure) ->
                throw new IllegalStateException(what + " cannot be read: " + failure.message());
        };
    }

    private Operator operator(Steps assembled, Ports ports) {
        EventRecorder events = new EventRecorder(client, config.podName());
        WakeUp wakeUp = new WakeUp(ports.timings().transitionLook(), random);
        ExecutorService workers = Executors.newFixedThreadPool(
                config.maxConcurrentReconciles(),
                Thread.ofVirtual().name("reconcile-", 0).factory());
        Operator made = new Operator(overrider -> overrider
                .withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .withExecutorService(workers)
                .withReconciliationTerminationTimeout(config.shutdown())
                .withMetrics(telemetry.framework())
                .withInformerStoppedHandler((informer, failure) -> {
                    if (failure != null && informer.hasSynced() && !closed.get()) {
                        log.error("a watch has broken for good", failure);
                        fatal.run();
                    }
                }));
        made.register(
                new ServiceDeploymentReconciler(
                        assembled.pipeline(),
                        assembled.initial(),
                        new StatusWriter<>(client, ServiceDeployment::new),
                        new RevisionStore(client),
                        events,
                        wakeUp,
                        telemetry,
                        ports.schedule(),
                        this::runId,
                        clock),
                controller -> watchNamespaces(common(controller)));
        made.register(
                new AwsAccountReconciler(
                        assembled.accounts(),
                        new AccountUsers(client, config.watchedNamespaces()),
                        new StatusWriter<>(client, AwsAccount::new),
                        events,
                        wakeUp,
                        telemetry,
                        ports.schedule(),
                        this::runId,
                        ACCOUNT_LOOK.dividedBy(Math.max(1, Math.round(config.speed()))),
                        clock,
                        assembled.trace()),
                Lightkeeper::common);
        return made;
    }

    private String runId() {
        return "%016x".formatted(random.nextLong());
    }

    private void watchNamespaces(ControllerConfigurationOverrider<ServiceDeployment> controller) {
        Set<String> namespaces = config.watchedNamespaces();
        if (!namespaces.isEmpty()) {
            ControllerConfigurationOverrider<ServiceDeployment> _ = controller.settingNamespaces(namespaces);
        }
    }

    private static <R extends HasMetadata> ControllerConfigurationOverrider<R> common(
            ControllerConfigurationOverrider<R> controller) {
        TriggerFilter filter = new TriggerFilter();
        return controller
                .withFinalizer(FINALIZER)
                .withFieldManager(StatusWriter.FIELD_MANAGER)
                .withGenerationAware(false)
                .withOnUpdateFilter(filter::accept)
                .withReconciliationMaxInterval(SAFETY_NET)
                // The framework gives up after five attempts by default, and nothing would wake the resource again.
                .withRetry(GenericRetry.defaultLimitedExponentialRetry()
                        .setMaxAttempts(-1)
                        .setInitialInterval(FIRST_RETRY)
                        .setIntervalMultiplier(2)
                        .setMaxInterval(Schedule.LONGEST_RETRY.toMillis()));
    }

    /** Lets what runs come to its end (see {@link OperatorConfig#shutdown()}), then releases the lease. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        synchronized (this) {
            Operator running = operator;
            if (running != null) {
                running.stop();
            }
        }
        telemetry.followed();
        if (election != null) {
            election.close();
        }
        Steps assembled = steps;
        if (assembled != null) {
            assembled.close().run();
        }
        health.close();
        telemetry.close();
    }
}
