package dev.lightkeeper.reconcile;

import dev.lightkeeper.api.v1alpha1.AwsAccount;
import dev.lightkeeper.api.v1alpha1.AwsAccountStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.desired.Reference;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.kube.AccountUsers;
import dev.lightkeeper.kube.EventRecorder;
import dev.lightkeeper.kube.StatusWriter;
import dev.lightkeeper.kube.StatusWriter.Outcome;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of accounts, and keeps one as long as a ServiceDeployment names it: without it, nothing could be cleaned up. */
public final class AwsAccountReconciler implements Reconciler<AwsAccount>, Cleaner<AwsAccount> {
    private static final Logger log = LoggerFactory.getLogger(AwsAccountReconciler.class);

    private static final String KIND = "AwsAccount";

    private final AccountReport report;
    private final AccountUsers users;
    private final StatusWriter<AwsAccount, AwsAccountStatus> writer;
    private final EventRecorder events;
    private final WakeUp wakeUp;
    private final Observations observations;
    private final Schedule schedule;
    private final Supplier<String> runIds;
    private final Duration look;
    private final Clock clock;
    private final Trace trace;

    /**
     * Wires the face to what knows of accounts.
     *
     * @param runIds names for runs, in the log
     * @param look between looks at an account
     */
    public AwsAccountReconciler(
            AccountReport report,
            AccountUsers users,
            StatusWriter<AwsAccount, AwsAccountStatus> writer,
            EventRecorder events,
            WakeUp wakeUp,
            Observations observations,
            Schedule schedule,
            Supplier<String> runIds,
            Duration look,
            Clock clock,
            Trace trace) {
        this.report = report;
        this.users = users;
        this.writer = writer;
        this.events = events;
        this.wakeUp = wakeUp;
        this.observations = observations;
        this.schedule = schedule;
        this.runIds = runIds;
        this.look = look;
        this.clock = clock;
        this.trace = trace;
    }

    @Override
    public UpdateControl<AwsAccount> reconcile(AwsAccount account, Context<AwsAccount> context) {
        return UpdateControl.<AwsAccount>noUpdate().rescheduleAfter(observed(account, usersOf(account), context));
    }

    @Override
    public DeleteControl cleanup(AwsAccount account, Context<AwsAccount> context) {
        List<ServiceDeployment> named = usersOf(account);
        if (named != null && named.isEmpty()) {
            report.forget(account.getMetadata().getName());
            observations.gone(ResourceID.fromResource(account));
            return DeleteControl.defaultDelete();
        }
        return DeleteControl.noFinalizerRemoval().rescheduleAfter(observed(account, named, context));
    }

    private Duration observed(
            AwsAccount account, @Nullable List<ServiceDeployment> named, Context<AwsAccount> context) {
        try (RunLog _ = RunLog.of(runIds.get())) {
            return trace.run(account, () -> run(account, named, context), _ -> List.of());
        }
    }

    private Duration run(AwsAccount account, @Nullable List<ServiceDeployment> named, Context<AwsAccount> context) {
        Instant began = clock.instant();
        ResourceID id = ResourceID.fromResource(account);
        Observations.Outcome seen = Observations.Outcome.failed;
        Duration delay = Schedule.LONGEST_RETRY;
        observations.began(KIND, id);
        try {
            seen = tell(account, named, context);
            Instant now = clock.instant();
            delay = schedule.delay(now, now.plus(look));
            return delay;
        } finally {
            Instant ended = clock.instant();
            observations.ran(KIND, id, seen, Duration.between(began, ended), ended.plus(delay));
        }
    }

    private Observations.Outcome tell(
            AwsAccount account, @Nullable List<ServiceDeployment> named, Context<AwsAccount> context) {
        Instant began = clock.instant();
        AwsAccountStatus before = account.getStatus();
        AwsAccountStatus status = new AccountStatus(account, began)
                .told(
                        report.identity(account),
                        report.experience(account),
                        report.cost(account),
                        report.automationPaused(account),
                        named);
        Outcome<AwsAccount> outcome = writer.write(account, status, false);
        return switch (outcome) {
            case Outcome.Written<AwsAccount>(AwsAccount stored, AwsAccount replaced) -> {
                context.eventSourceRetriever()
                        .getControllerEventSource()
                        .handleRecentResourceUpdate(ResourceID.fromResource(stored), stored, replaced);
                events.record(stored, AccountNotices.between(before, status), began);
                if (named != null && concernsUsers(before, status)) {
                    wakeUp.all(named);
                }
                observations.told(account.getMetadata().getName(), status);
                yield Observations.Outcome.written;
            }
            case Outcome.Unchanged<AwsAccount> _ -> {
                observations.told(account.getMetadata().getName(), status);
                yield Observations.Outcome.unchanged;
            }
            case Outcome.Conflict<AwsAccount> _ -> Observations.Outcome.conflict;
            case Outcome.Failed<AwsAccount>(Failure why) -> {
                log.warn("AwsAccount {}: {}", account.getMetadata().getName(), why.message());
                throw new RunAborted(why);
            }
        };
    }

    /** Whether the account was edited, or can or cannot be used since now. */
    private static boolean concernsUsers(@Nullable AwsAccountStatus before, AwsAccountStatus now) {
        return before == null
                || !Objects.equals(before.observedGeneration(), now.observedGeneration())
                || !stand(before).equals(stand(now));
    }

    private static List<String> stand(AwsAccountStatus status) {
        return status.conditions().stream()
                .filter(condition ->
                        condition.type().equals("Ready") || condition.type().equals("Reachable"))
                .map(condition -> condition.type() + condition.status() + condition.reason())
                .toList();
    }

    private @Nullable List<ServiceDeployment> usersOf(AwsAccount account) {
        return switch (users.of(account.getMetadata().getName())) {
            case Reference.Found<List<ServiceDeployment>>(List<ServiceDeployment> found) -> found;
            case Reference.Missing<List<ServiceDeployment>> _ -> List.of();
            case Reference.Unreadable<List<ServiceDeployment>>(String what, Failure why) -> {
                log.warn("{} could not be listed: {}", what, why.message());
                yield null;
            }
        };
    }
}
