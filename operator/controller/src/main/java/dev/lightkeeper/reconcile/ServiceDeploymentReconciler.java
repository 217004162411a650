package dev.lightkeeper.reconcile;

import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.desired.Reference;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.kube.EventRecorder;
import dev.lightkeeper.kube.RevisionStore;
import dev.lightkeeper.kube.StatusWriter;
import dev.lightkeeper.kube.StatusWriter.Outcome;
import dev.lightkeeper.plan.RevisionRecord;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The framework's face of a run: reads what the run needs, and writes what it says. Deletion goes through the same run.
 * Never patches the resource itself: that would take away the finalizer.
 */
public final class ServiceDeploymentReconciler implements Reconciler<ServiceDeployment>, Cleaner<ServiceDeployment> {
    private static final Logger log = LoggerFactory.getLogger(ServiceDeploymentReconciler.class);
    private static final String KIND = "ServiceDeployment";
    private static final Duration AFTER_CONFLICT = Duration.ofMillis(500);
    private static final Duration AFTER_WRITE = Duration.ofMillis(10);
    private static final int ATTEMPTS_BEFORE_TELLING = 2;

    private final Run pipeline;
    private final Function<ServiceDeployment, ServiceDeploymentStatus> initial;
    private final StatusWriter<ServiceDeployment, ServiceDeploymentStatus> writer;
    private final RevisionStore revisions;
    private final EventRecorder events;
    private final WakeUp wakeUp;
    private final Observations observations;
    private final Schedule schedule;
    private final Supplier<String> runIds;
    private final Clock clock;
    private final Set<String> toldAndReleased = ConcurrentHashMap.newKeySet();

    /**
     * Wires the face to the steps.
     *
     * @param initial the first status of a resource, written before anything else is done
     * @param runIds names for runs, in the log
     */
    public ServiceDeploymentReconciler(
            Run pipeline,
            Function<ServiceDeployment, ServiceDeploymentStatus> initial,
            StatusWriter<ServiceDeployment, ServiceDeploymentStatus> writer,
            RevisionStore revisions,
            EventRecorder events,
            WakeUp wakeUp,
            Observations observations,
            Schedule schedule,
            Supplier<String> runIds,
            Clock clock) {
        this.pipeline = pipeline;
        this.initial = initial;
        this.writer = writer;
        this.revisions = revisions;
        this.events = events;
        this.wakeUp = wakeUp;
        this.observations = observations;
        this.schedule = schedule;
        this.runIds = runIds;
        this.clock = clock;
    }

    /**
     * What the framework has to do after a run.
     *
     * @param written the run has changed the object
     */
    private record Next(Observations.Outcome seen, Duration delay, boolean released, boolean written) {}

    @Override
    public List<EventSource<?, ServiceDeployment>> prepareEventSources(EventSourceContext<ServiceDeployment> context) {
        return List.of(wakeUp);
    }

    @Override
    public UpdateControl<ServiceDeployment> reconcile(ServiceDeployment resource, Context<ServiceDeployment> context) {
        return UpdateControl.<ServiceDeployment>noUpdate()
                .rescheduleAfter(observed(resource, context).delay());
    }

    @Override
    public DeleteControl cleanup(ServiceDeployment resource, Context<ServiceDeployment> context) {
        String wanted =
                resource.getMetadata().getUid() + "@" + resource.getMetadata().getGeneration();
        Next next = toldAndReleased.remove(wanted)
                ? new Next(Observations.Outcome.unchanged, Duration.ZERO, true, false)
                : observed(resource, context);
        if (!next.released()) {
            return DeleteControl.noFinalizerRemoval().rescheduleAfter(next.delay());
        }
        if (next.written()) {
            // The framework removes the finalizer from the object as it read it, and never gets over our own write
            // since.
            toldAndReleased.add(wanted);
            return DeleteControl.noFinalizerRemoval().rescheduleAfter(AFTER_WRITE);
        }
        observations.gone(ResourceID.fromResource(resource));
        return DeleteControl.defaultDelete();
    }

    private Next observed(ServiceDeployment resource, Context<ServiceDeployment> context) {
        try (RunLog _ = RunLog.of(runIds.get())) {
            return run(resource, context);
        }
    }

    private Next run(ServiceDeployment resource, Context<ServiceDeployment> context) {
        Instant began = clock.instant();
        ResourceID id = ResourceID.fromResource(resource);
        observations.began(KIND, id);
        KubernetesSession session = new KubernetesSession(
                resource,
                writer,
                revisions,
                written -> context.eventSourceRetriever()
                        .getControllerEventSource()
                        .handleRecentResourceUpdate(
                                ResourceID.fromResource(written.stored()), written.stored(), written.replaced()));
        Next next = new Next(Observations.Outcome.failed, Schedule.LONGEST_RETRY, false, false);
        try {
            next = run(session, began);
            return next;
        } catch (RuntimeException e) {
            tellFailedRun(session, context, e);
            throw e;
        } finally {
            Instant ended = clock.instant();
            observations.ran(KIND, id, next.seen(), Duration.between(began, ended), ended.plus(next.delay()));
        }
    }

    private Next run(KubernetesSession session, Instant began) {
        ServiceDeploymentStatus before = session.current().getStatus();
        boolean deleted = session.current().isMarkedForDeletion();
        if (neverTold(session.current())
                && session.write(initial.apply(session.current())) instanceof Outcome.Failed<ServiceDeployment>(var why)
                && !deleted) {
            throw new RunAborted(why);
        }
        // Nothing that a deletion does not need may hold it up.
        List<RevisionRecord> records = deleted ? List.of() : recorded(session.current());
        RunResult result = pipeline.run(session.current(), records, session);
        ResourceID id = ResourceID.fromResource(session.current());
        result.done().forEach(action -> observations.acted(id, before, action));
        if (result.abandoned()) {
            return new Next(Observations.Outcome.conflict, AFTER_CONFLICT, false, false);
        }
        Optional<Failure> unmarked = session.mark(result.marks());
        if (unmarked.isPresent()) {
            throw new RunAborted(unmarked.get());
        }
        Outcome<ServiceDeployment> outcome = session.write(result.told().status());
        Observations.Outcome seen = switch (outcome) {
            case Outcome.Written<ServiceDeployment> _ -> Observations.Outcome.written;
            case Outcome.Unchanged<ServiceDeployment> _ -> Observations.Outcome.unchanged;
            case Outcome.Conflict<ServiceDeployment> _ -> Observations.Outcome.conflict;
            case Outcome.Failed<ServiceDeployment>(Failure why) -> {
                if (!result.released()) {
                    throw new RunAborted(why);
                }
                yield Observations.Outcome.failed;
            }
        };
        if (seen == Observations.Outcome.written || seen == Observations.Outcome.unchanged) {
            events.record(session.current(), result.told().notices(), began);
            prune(session.current(), records, result.told().status());
            observations.told(session.current(), before, result.told().status(), result.nextRun());
        }
        Duration delay = seen == Observations.Outcome.conflict
                ? AFTER_CONFLICT
                : schedule.delay(clock.instant(), result.nextRun());
        return new Next(seen, delay, result.released(), session.hasWritten());
    }

    private static boolean neverTold(ServiceDeployment resource) {
        ServiceDeploymentStatus status = resource.getStatus();
        return status == null || status.conditions().isEmpty();
    }

    private List<RevisionRecord> recorded(ServiceDeployment resource) {
        return switch (revisions.list(resource)) {
            case Reference.Found<List<RevisionRecord>>(List<RevisionRecord> records) -> records;
            case Reference.Missing<List<RevisionRecord>> _ -> List.of();
            case Reference.Unreadable<List<RevisionRecord>>(String _, Failure why) -> throw new RunAborted(why);
        };
    }

    private void prune(ServiceDeployment resource, List<RevisionRecord> records, ServiceDeploymentStatus status) {
        Integer limit = resource.getSpec().revisionHistoryLimit();
        if (limit != null && records.size() > limit && !resource.isMarkedForDeletion()) {
            revisions.prune(resource, records, status, limit);
        }
    }

    private void tellFailedRun(KubernetesSession session, Context<ServiceDeployment> context, RuntimeException e) {
        ResourceID resource = ResourceID.fromResource(session.current());
        String message;
        if (e instanceof RunAborted) {
            log.warn("run of {} ended early: {}", resource, e.getMessage());
            message = e.getMessage() + "; it is tried again";
        } else {
            log.error("run of {} failed", resource, e);
            message = "a run of the operator failed (%s); its log says more, and it is tried again"
                    .formatted(e.getClass().getSimpleName());
        }
        int attempts = context.getRetryInfo().map(RetryInfo::getAttemptCount).orElse(0);
        ServiceDeploymentStatus last = session.current().getStatus();
        if (attempts >= ATTEMPTS_BEFORE_TELLING && last != null) {
            Outcome<ServiceDeployment> outcome = session.write(FailedRun.told(last, message, clock.instant()));
            log.debug(
                    "told of the failed run of {}: {}",
                    resource,
                    outcome.getClass().getSimpleName());
        }
    }
}
