package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.Annotations;
import dev.lightkeeper.api.v1alpha1.AutomaticActKind;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.ForeignDeployment;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RolloutPhase;
import dev.lightkeeper.api.v1alpha1.RolloutStatus;
import dev.lightkeeper.desired.DesiredState.Release;
import dev.lightkeeper.desired.Problem;
import dev.lightkeeper.observe.LiveDeployment;
import dev.lightkeeper.observe.LiveService;
import dev.lightkeeper.observe.ServiceState;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Brings a service of ours to what the manifest says: capacity up, content, proof, the rest, capacity down. */
final class Convergence {
    private Convergence() {}

    static void apply(Draft draft, Ownership ownership) {
        LiveService service = ServiceRules.service(draft);
        if (!service.state().acceptsChanges()) {
            waitForTransition(draft, service);
            return;
        }
        Release release = draft.desired.release();
        if (release != null) {
            FailureMemory.forgetOutdated(draft, release);
        }
        Capacity.raise(draft, service);
        content(draft, service);
        if (draft.actions.stream().noneMatch(Action.Deploy.class::isInstance)) {
            Attachments.apply(draft, service, ownership);
            Capacity.lower(draft, service);
        }
    }

    private static void waitForTransition(Draft draft, LiveService service) {
        draft.lookAgainIn(draft.timings.transitionLook());
        LiveDeployment next = service.next();
        boolean foreign = next != null && isForeign(draft, next);
        if (next != null && foreign) {
            ForeignDeployment _ = seen(draft, next);
        }
        if (service.state() == ServiceState.PENDING) {
            draft.find(
                    Finding.Effect.WORKING,
                    Reason.CreatingService,
                    "AWS is making the container service%s".formatted(detail(service)));
            return;
        }
        if (RollbackRules.isRollingBack(draft)) {
            RollbackRules.announce(draft);
            return;
        }
        Finding.Effect effect = isProved(draft) ? Capacity.effect(draft, service, false) : Finding.Effect.WORKING;
        if (foreign && wasNotReady(draft)) {
            // What answers well by now may be the nodes of that deployment.
            effect = Finding.Effect.WORKING_FALSE;
        }
        draft.find(
                effect,
                reasonToWait(effect, service.state()),
                "the container service is %s%s; it takes no change meanwhile"
                        .formatted(service.state(), detail(service)));
    }

    private static boolean wasNotReady(Draft draft) {
        return draft.history
                .condition("Ready")
                .filter(ready -> ready.status() == ConditionStatus.False)
                .isPresent();
    }

    /** Whether what serves is what ought to, verified by the spec's contract. */
    private static boolean isProved(Draft draft) {
        return Comparison.contentDifference(draft).isEmpty()
                && wanted(draft)
                        .filter(revision -> keeps(draft, revision))
                        .filter(revision -> RolloutRules.contractIsKnown(draft, revision))
                        .isPresent();
    }

    /** The spec's revision or, while that cannot be read, the one in force. */
    private static Optional<String> wanted(Draft draft) {
        if (draft.desired.release() != null) {
            return Optional.of(draft.number());
        }
        return draft.history
                .inForce()
                .filter(record -> draft.desired.hasOnly(Problem.Kind.UNKNOWN))
                .map(RevisionRecord::number);
    }

    private static Reason reasonToWait(Finding.Effect effect, ServiceState state) {
        if (effect == Finding.Effect.WORKING_AT_RISK) {
            return Reason.ScaleMismatch;
        }
        return state == ServiceState.UPDATING ? Reason.Capacity : Reason.WaitingForTransition;
    }

    private static String detail(LiveService service) {
        return service.stateDetail() == null ? "" : " (%s)".formatted(service.stateDetail());
    }

    private static void content(Draft draft, LiveService service) {
        Release release = draft.desired.release();
        if (release == null) {
            if (RollbackRules.isRollingBack(draft)) {
                RollbackRules.keep(draft, service);
            } else {
                Preflight.refuses(draft);
                InForce.tell(draft, service);
            }
            return;
        }
        String revision = draft.number();
        boolean specIsNew = !revision.equals(draft.updateRevision);
        RolloutRules.supersede(draft, revision);
        draft.updateRevision = revision;
        if (draft.rollback) {
            ManualRollback.requested(draft, release, revision);
        }
        if (RollbackRules.keepsOlder(draft, revision)) {
            RollbackRules.keep(draft, service);
            return;
        }
        LiveDeployment current = service.current();
        if (current != null && Comparison.contentDifference(draft).isEmpty()) {
            boolean less = !service.power().equals(release.power()) && !Capacity.isMoreThan(service, release);
            if (less && !keeps(draft, revision)) {
                morePower(draft, service, release);
            } else if (!less || draft.actions.isEmpty()) {
                RolloutRules.advance(draft, current, release, revision);
            }
            return;
        }
        if (current != null && !specIsNew && !FailureMemory.leavesDrift(draft) && isForeign(draft, current)) {
            foreign(draft, current, release, revision);
        } else if (draft.failed == null) {
            release(draft, release, revision, current, current != null && !specIsNew && isDrift(draft, revision));
        }
    }

    private static void morePower(Draft draft, LiveService service, Release release) {
        Optional<String> withheld = draft.withheld(false);
        if (withheld.isEmpty()) {
            announce(draft, Reason.Capacity, "power is changed before the release is verified");
        } else {
            powerStays(draft, service, release, withheld.get());
        }
    }

    /** The release that is live has another power than declared, and nothing may be done about it. */
    static void powerStays(Draft draft, LiveService service, Release release, String why) {
        draft.find(
                Finding.Effect.NOT_READY,
                Reason.PowerMismatch,
                "power is %s, declared is %s; nothing is done about it (%s)"
                        .formatted(service.power(), release.power(), why));
    }

    /** Whether the release was live and proved, rather than being on its way. */
    private static boolean isDrift(Draft draft, String revision) {
        return keeps(draft, revision) && !draft.history.memory().isDeploying();
    }

    static boolean isVerified(Draft draft, String revision) {
        return draft.history
                .byNumber(revision)
                .filter(record -> record.result() == RevisionRecord.Result.Verified)
                .isPresent();
    }

    static boolean isForeign(Draft draft, LiveDeployment current) {
        return draft.deploymentVersion != null && current.version() > draft.deploymentVersion;
    }

    private static void foreign(Draft draft, LiveDeployment current, Release release, String revision) {
        boolean decided = isToBeReplaced(draft, current);
        boolean wasHealthy = seen(draft, current).readyBefore();
        if (draft.failed == null && (decided || wasHealthy || draft.retry)) {
            boolean drift = !decided || !draft.history.memory().isDeploying();
            release(draft, release, revision, current, drift);
        } else if (!wasHealthy) {
            left(draft, current);
        }
    }

    /** Somebody else's deployment stays, since it may be a fix. */
    static void left(Draft draft, LiveDeployment current) {
        draft.rollout = null;
        draft.find(
                Finding.Effect.STALLED_DEGRADED,
                Reason.ForeignDeployment,
                "version %d was deployed by somebody else, and the service is not known to have been healthy before; it may be a fix, so it is left as it is. Change the spec, or have the manifest deployed: %s"
                        .formatted(current.version(), Requests.retryCommand(draft.desired.resource())));
    }

    /** Whether it was decided in sight of that deployment to replace it, by a call that AWS has not taken. */
    private static boolean isToBeReplaced(Draft draft, LiveDeployment current) {
        ForeignDeployment known = draft.history.memory().foreign();
        return known != null
                && known.version() == current.version()
                && draft.rollout != null
                && draft.rollout.phase() == RolloutPhase.Deploying;
    }

    /** What was known of the service when a deployment of somebody else was first seen; decided once for each. */
    static ForeignDeployment seen(Draft draft, LiveDeployment deployment) {
        ForeignDeployment seen = draft.foreign;
        if (seen == null || seen.version() != deployment.version()) {
            // The clock of AWS may run ahead of ours.
            Instant created = deployment.createdAt().isAfter(draft.now) ? draft.now : deployment.createdAt();
            boolean wasReady = draft.history
                    .condition("Ready")
                    .filter(ready -> ready.status() == ConditionStatus.True)
                    .filter(ready -> !ready.lastTransitionTime().isAfter(created))
                    .isPresent();
            boolean quiet = draft.history.probes().isQuiet(created.minus(draft.timings.quietBefore()), created);
            seen = new ForeignDeployment((long) deployment.version(), wasReady && quiet);
            draft.foreign = seen;
        }
        return seen;
    }

    private static void release(
            Draft draft, Release release, String revision, @Nullable LiveDeployment current, boolean drift) {
        draft.lookAgainIn(draft.timings.transitionLook());
        Instant started = draft.rolloutStarted();
        boolean suspended = draft.isSuspended();
        if (draft.powerWithheld || (!drift && Preflight.refuses(draft))) {
            if (!suspended) {
                draft.rollout = rollout(draft, revision, RolloutPhase.Preflight, started, started);
            }
            return;
        }
        if (!drift && RollbackRules.needsFreshRound(draft, current)) {
            draft.rollout = rollout(draft, revision, RolloutPhase.Preflight, started, started);
            announce(draft, Reason.Preflight, "what serves is probed once more before it is replaced");
            return;
        }
        LiveService service = ServiceRules.service(draft);
        boolean withheld = draft.withheld(drift).isPresent();
        if (AdoptionRules.removesUnaccepted(draft, service, release) && !withheld) {
            return;
        }
        if (current != null) {
            AdoptionRules.noteBaseline(draft, service, current);
        }
        Optional<Difference> difference = Comparison.contentDifference(draft);
        String what = difference.map(Difference::message).orElse("the declared release does not run");
        if (drift && !withheld && RepairBudget.isSpent(draft, release, revision, what)) {
            return;
        }
        Reason reason = drift ? difference.map(Difference::reason).orElse(Reason.ContentMismatch) : Reason.Deploying;
        if (drift && !withheld && Preflight.lacksImages(draft, reason, what)) {
            return;
        }
        boolean rotates = !drift && isOnlyRotated(draft, release, revision);
        if (rotates && !withheld && RepairBudget.forbidsRotation(draft, release, revision)) {
            return;
        }
        List<String> replaced = current == null ? List.of() : current.content().images();
        AutomaticActKind unasked = rotates ? AutomaticActKind.Rotation : Attempts.automatic(draft);
        Action deploy = deploy(draft, release, revision, reason, replaced, drift ? AutomaticActKind.Repair : unasked);
        boolean willAct = draft.act(deploy, drift);
        if (willAct) {
            draft.rollout = rollout(draft, revision, RolloutPhase.Deploying, started, draft.now);
            draft.currentRevision = revision;
            if (draft.restart) {
                // A deployment restarts, too.
                Requests.done(draft, Annotations.RESTART_REQUESTED_AT);
            }
            if (drift) {
                draft.find(Finding.Effect.WORKING_DEGRADED, reason, what + "; it is being corrected");
            } else {
                announce(draft, Reason.Deploying, "revision %s is being deployed".formatted(revision));
            }
        } else if (!Standing.isHeldBack(draft, deploy)) {
            leave(draft, drift, difference.map(Difference::reason).orElse(Reason.ContentMismatch), what);
        }
    }

    /** Whether it differs from what is kept live in values of Secrets and parameters only: nobody has asked for that. */
    private static boolean isOnlyRotated(Draft draft, Release release, String revision) {
        return draft.history
                .byNumber(draft.history.memory().currentRevision())
                .filter(record -> !record.number().equals(revision))
                .filter(record -> record.declared().equals(release.declared()))
                .isPresent();
    }

    static void leave(Draft draft, boolean drift, Reason mismatch, String what) {
        String why = draft.withheld(drift).orElse("");
        boolean paused = why.equals(Draft.AUTOMATION_PAUSED);
        boolean held = drift && draft.isDriftHeld();
        Reason later = held ? Reason.DriftFoundAfterGap : mismatch;
        draft.find(
                paused ? Finding.Effect.WORKING_DEGRADED : Finding.Effect.NOT_READY,
                paused ? Reason.AutomationPaused : later,
                "%s; nothing is done about it (%s)".formatted(what, why));
    }

    static Action deploy(
            Draft draft,
            Release release,
            String revision,
            Reason reason,
            List<String> replaced,
            @Nullable AutomaticActKind automatic) {
        return new Action.Deploy(
                ServiceRules.serviceName(draft),
                revision,
                release,
                reason,
                replaced,
                automatic,
                Operations.failureKey(release.declared(), draft.desired.contractHash()));
    }

    /** A rollout in a phase that may take until {@code rollout.progressDeadlineSeconds} after {@code begin}. */
    static RolloutStatus rollout(Draft draft, String revision, RolloutPhase phase, Instant started, Instant begin) {
        return RollbackRules.rollout(
                draft,
                revision,
                phase,
                started,
                begin.plusSeconds(draft.desired.spec().rollout().progressDeadlineSeconds()));
    }

    /** Says that work goes on; during a repair, what is wrong with what serves. */
    static void announce(Draft draft, Reason reason, String message) {
        Optional<Difference> difference = Comparison.contentDifference(draft);
        if (RollbackRules.isRollingBack(draft)) {
            RollbackRules.announce(draft);
            return;
        }
        boolean repairs = draft.operation != null && draft.operation.kind().equals(Operations.REPAIR);
        if (repairs && difference.isPresent()) {
            draft.find(
                    Finding.Effect.WORKING_DEGRADED,
                    difference.get().reason(),
                    difference.get().message() + "; it is being corrected");
        } else {
            draft.find(Finding.Effect.WORKING, reason, message);
        }
    }

    /** Whether some verified revision is what the operator keeps live. */
    static boolean keeps(Draft draft, String revision) {
        return Objects.equals(draft.history.memory().currentRevision(), revision) && isVerified(draft, revision);
    }
}
