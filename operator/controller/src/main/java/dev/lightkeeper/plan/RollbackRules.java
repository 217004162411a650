package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.AutomaticActKind;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.FailedRevision;
import dev.lightkeeper.api.v1alpha1.FailureAction;
import dev.lightkeeper.api.v1alpha1.ManagementPolicy;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RevisionResult;
import dev.lightkeeper.api.v1alpha1.RolloutPhase;
import dev.lightkeeper.api.v1alpha1.RolloutStatus;
import dev.lightkeeper.desired.Content;
import dev.lightkeeper.desired.DesiredState.Release;
import dev.lightkeeper.observe.LiveDeployment;
import dev.lightkeeper.observe.LiveService;
import dev.lightkeeper.observe.Observed;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Takes a release back to the revision that was verified before it, and keeps that one live while the spec's is failed
 * or held.
 */
final class RollbackRules {
    private RollbackRules() {}

    /** Why a release that failed is not taken back. */
    private record Withheld(Reason reason, String why) {}

    /**
     * A rollout in some phase. Which revision it would go back to, and whether that one was available, is decided when
     * the rollout begins; the rollout of a newer spec inherits both, since nothing else was proved in between.
     */
    static RolloutStatus rollout(
            Draft draft, String revision, RolloutPhase phase, @Nullable Instant started, Instant deadline) {
        RolloutStatus begun = draft.rollout != null ? draft.rollout : draft.superseded;
        boolean replaced =
                begun != null && begun.phase() != RolloutPhase.Preflight && begun.phase() != RolloutPhase.Baking;
        String target = begun != null && replaced ? begun.targetRevision() : target(draft);
        ConditionStatus available = begun != null && replaced ? begun.targetAvailable() : available(draft);
        Integer attempt = draft.rollout != null && replaced ? draft.rollout.attempt() : null;
        return new RolloutStatus(
                revision, phase, started, deadline, null, target, available, Objects.requireNonNullElse(attempt, 1));
    }

    private static @Nullable String target(Draft draft) {
        boolean baseline = draft.baseline != null
                || draft.history.byNumber(Plan.Baseline.REVISION).isPresent();
        return draft.lastVerifiedRevision == null && baseline ? Plan.Baseline.REVISION : draft.lastVerifiedRevision;
    }

    static ConditionStatus available(Draft draft) {
        return draft.history
                .condition("Available")
                .map(condition -> condition.status())
                .orElse(ConditionStatus.Unknown);
    }

    /** Whether this process has not yet probed what a rollout that begins now would replace. */
    static boolean needsFreshRound(Draft draft, @Nullable LiveDeployment current) {
        return current != null
                && draft.history.lastRound() == null
                && draft.memoryRolloutIsNew()
                && draft.deploymentVersion != null
                && draft.withheld(false).isEmpty();
    }

    static boolean isRollingBack(Draft draft) {
        return draft.failed != null && draft.rollout != null && draft.rollout.phase() == RolloutPhase.RollingBack;
    }

    /** Whether an older revision than the spec's is the one to keep live. */
    static boolean keepsOlder(Draft draft, String revision) {
        return draft.failed != null
                && draft.currentRevision != null
                && !draft.currentRevision.equals(revision)
                && draft.history.byNumber(draft.currentRevision).isPresent();
    }

    /** The spec's release is known bad: it is taken back, or it is told why not. */
    static void failed(Draft draft, Release release, String revision, String what) {
        RolloutStatus rollout = Objects.requireNonNull(draft.rollout, "only a release in rollout or bake fails");
        Optional<Withheld> withheld = withheld(draft, rollout, revision);
        if (withheld.isPresent()) {
            Settlement.fail(
                    draft,
                    revision,
                    release.declared(),
                    withheld.get().reason(),
                    "%s. It stays live: %s; deploy a good release, or have this one tried again: %s"
                            .formatted(what, withheld.get().why(), Requests.retryCommand(draft.desired.resource())),
                    draft.deploymentVersion);
            return;
        }
        String target = Objects.requireNonNull(rollout.targetRevision(), "it was not withheld");
        draft.currentRevision = target;
        Settlement.fail(
                draft,
                revision,
                release.declared(),
                Reason.RolledBack,
                "%s; back to revision %s".formatted(what, target),
                draft.deploymentVersion);
        begin(draft, target, rollout.targetAvailable());
        keep(draft, ServiceRules.service(draft));
    }

    private static Optional<Withheld> withheld(Draft draft, RolloutStatus rollout, String revision) {
        if (draft.desired.spec().rollout().onFailure() != FailureAction.Rollback) {
            return Optional.of(new Withheld(Reason.VerificationFailed, "rollout.onFailure is Hold"));
        }
        if (draft.desired.spec().managementPolicy() != ManagementPolicy.Enforce) {
            return Optional.of(new Withheld(Reason.VerificationFailed, "managementPolicy is Observe"));
        }
        RevisionRecord target = draft.history.byNumber(rollout.targetRevision()).orElse(null);
        if (target == null || target.number().equals(revision)) {
            return Optional.of(
                    new Withheld(Reason.NoRollbackTarget, "there is no other verified revision to go back to"));
        }
        Set<String> missing = missingImages(draft, target);
        if (!missing.isEmpty()) {
            return Optional.of(new Withheld(
                    Reason.NoRollbackTarget,
                    "image %s of revision %s is no longer stored at Lightsail"
                            .formatted(String.join(", ", missing), target.number())));
        }
        if (rollout.targetAvailable() != ConditionStatus.True) {
            return Optional.of(new Withheld(
                    Reason.RollbackWithheld,
                    "revision %s was not known to be available when the rollout began, and may be worse"
                            .formatted(target.number())));
        }
        if (RepairBudget.isOfTheDaySpent(draft)) {
            return Optional.of(new Withheld(
                    Reason.TooManyFailures, "the operator has deployed by itself as often as it may within a day"));
        }
        return Optional.empty();
    }

    static Set<String> missingImages(Draft draft, RevisionRecord target) {
        Set<String> missing = new TreeSet<>();
        if (draft.live.storedImages() instanceof Observed.Present<Set<String>>(Set<String> stored)) {
            target.content().images().stream()
                    .filter(image -> image.startsWith(":") && !stored.contains(image))
                    .forEach(missing::add);
        }
        return missing;
    }

    static void begin(Draft draft, String target, @Nullable ConditionStatus available) {
        draft.currentRevision = target;
        start(draft, target, target, available);
    }

    /** Makes a revision the one to bring about; {@code before} is where it would go back to. */
    static void start(Draft draft, String revision, @Nullable String before, @Nullable ConditionStatus available) {
        draft.rollout = new RolloutStatus(
                revision,
                RolloutPhase.RollingBack,
                draft.now,
                draft.now.plusSeconds(draft.desired.spec().rollout().progressDeadlineSeconds()),
                null,
                before,
                available,
                1);
    }

    /** Brings the older revision about, proves it, and keeps it. */
    static void keep(Draft draft, LiveService service) {
        RevisionRecord kept = draft.history.byNumber(draft.currentRevision).orElse(null);
        if (kept == null) {
            return;
        }
        RotationRules.learn(draft);
        LiveDeployment current = service.current();
        draft.drift = current == null ? List.of() : Differences.between(kept.content(), current.content());
        if (FailureMemory.is(draft, Reason.RollbackFailed)) {
            return;
        }
        boolean runs = current != null && current.content().equals(kept.content());
        if (current != null && runs) {
            RolloutRules.serves(draft, current, kept.number());
        }
        boolean asKept = runs && service.power().equals(kept.power());
        if (isRollingBack(draft)) {
            bringBack(draft, service, kept, current, asKept);
        } else if (asKept) {
            RotationRules.begin(draft, kept, current);
        } else if (runs) {
            Capacity.restorePower(draft, service, kept);
        } else {
            // While the spec's revision is failed or held, the service is never known to have been Ready.
            Optional.ofNullable(current)
                    .filter(found -> Convergence.isForeign(draft, found))
                    .ifPresent(found -> Convergence.left(draft, found));
        }
    }

    private static void bringBack(
            Draft draft, LiveService service, RevisionRecord kept, @Nullable LiveDeployment current, boolean asKept) {
        boolean arrives = RotationRules.isUnderWay(draft) && !isOnItsWay(draft, kept);
        if (asKept && !arrives) {
            judge(draft, kept);
        } else if (waits(draft)) {
            draft.find(
                    Finding.Effect.WORKING_DEGRADED,
                    Reason.AutomationPaused,
                    "revision %s is brought back later: %s".formatted(kept.number(), Draft.AUTOMATION_PAUSED));
        } else if (arrives) {
            RotationRules.goOn(draft, kept, current);
            if (isRollingBack(draft)) {
                announce(draft);
            }
        } else {
            if (service.power().equals(kept.power())) {
                deploy(draft, kept, current);
            } else {
                Capacity.restorePower(draft, service, kept);
            }
            announce(draft);
        }
    }

    private static boolean isOnItsWay(Draft draft, RevisionRecord kept) {
        return kept.number().equals(Objects.requireNonNull(draft.rollout).revision());
    }

    /** Whether it was begun and has to wait, since nobody has asked for it. */
    private static boolean waits(Draft draft) {
        return draft.isAutomationPaused() && automatic(draft) != null && !RotationRules.isRotation(draft);
    }

    /** Null where somebody has asked for it. */
    static @Nullable AutomaticActKind automatic(Draft draft) {
        return FailureMemory.is(draft, Reason.ManualRollback) ? null : AutomaticActKind.Rollback;
    }

    private static void deploy(Draft draft, RevisionRecord kept, @Nullable LiveDeployment current) {
        draft.lookAgainIn(draft.timings.transitionLook());
        switch (draft.live.deployments()) {
            case Observed.Present<List<LiveDeployment>>(List<LiveDeployment> listed) ->
                values(listed, kept)
                        .ifPresentOrElse(
                                values -> send(draft, kept, current, values),
                                () -> RotationRules.restore(draft, kept, current));
            case Observed.Absent<List<LiveDeployment>> ignored -> {}
            case Observed.Unknown<List<LiveDeployment>> ignored -> {}
        }
    }

    private static Optional<Content> values(List<LiveDeployment> listed, RevisionRecord kept) {
        return listed.stream()
                .filter(deployment -> deployment.content().equals(kept.content()))
                .max(Comparator.comparingInt(LiveDeployment::version))
                .map(LiveDeployment::values);
    }

    static void send(Draft draft, RevisionRecord kept, @Nullable LiveDeployment current, Content values) {
        boolean _ = draft.act(
                new Action.Deploy(
                        ServiceRules.serviceName(draft),
                        kept.number(),
                        new Release(values, kept.content(), kept.power(), kept.fingerprint(), kept.declared()),
                        Reason.RollingBack,
                        Optional.ofNullable(current)
                                .map(found -> found.content().images())
                                .orElse(List.of()),
                        automatic(draft),
                        kept.fingerprint()),
                false);
    }

    /** AWS runs what was sent: from now on it has the time of its own contract to prove itself. */
    static void activated(Draft draft, String revision) {
        RolloutStatus rollout = draft.rollout;
        RevisionRecord kept = draft.history.byNumber(revision).orElse(null);
        if (rollout != null && kept != null && isRollingBack(draft)) {
            draft.currentRevision = revision;
            draft.rollout = rollout.with(
                    rollout.phase(), draft.now.plusSeconds(kept.contract().deadlineSeconds()), null);
        }
    }

    private static void judge(Draft draft, RevisionRecord kept) {
        RolloutStatus rollout = Objects.requireNonNull(draft.rollout);
        FailedRevision failed = held(draft);
        var required = RolloutRules.required(draft);
        draft.lookAgainIn(draft.timings.transitionLook());
        if (RolloutRules.passingLongEnough(draft, draft.desired.spec().rollout(), required)) {
            if (RotationRules.isUnderWay(draft)) {
                RotationRules.proved(draft, kept);
            }
            draft.rollout = null;
            if (!FailureMemory.is(draft, Reason.ManualRollback) && !Chronicle.isTakenBack(draft, failed.revision())) {
                Chronicle.finished(
                        draft, failed.revision(), RevisionResult.RolledBack, Reason.RolledBack, failed.message());
            }
        } else if (Clocks.isOver(rollout, Objects.requireNonNullElse(draft.history.lastRound(), Instant.MIN))
                && RolloutRules.anyFailing(required)) {
            String failing = RolloutRules.failing(required);
            if (!RotationRules.tookBack(draft, failing)) {
                couldNot(
                        draft,
                        "revision %s was brought back but does not pass its own checks: %s%s"
                                .formatted(kept.number(), failing, RotationRules.changed(draft, kept)));
            }
        } else {
            announce(draft);
        }
    }

    /** Nothing further is tried: what serves now is for people to judge. */
    static void couldNot(Draft draft, String why) {
        FailedRevision failed = draft.failed;
        if (failed != null) {
            draft.failed = new FailedRevision(
                    failed.revision(),
                    failed.fingerprint(),
                    failed.sourceDigests(),
                    Reason.RollbackFailed.name(),
                    "%s (%s)".formatted(why, failed.message()));
        }
        draft.operation = null;
        draft.rollout = null;
    }

    static void announce(Draft draft) {
        announce(draft, null);
    }

    /** The same with what is in its way, which is told of all that is brought back. */
    static void announce(Draft draft, @Nullable String obstacle) {
        if (FailureMemory.is(draft, Reason.RollbackFailed) || RotationRules.isRotation(draft)) {
            if (obstacle != null) {
                draft.find(Finding.Effect.WORKING_QUIETLY, Reason.Preflight, obstacle);
            }
            return;
        }
        boolean asked = FailureMemory.is(draft, Reason.ManualRollback);
        draft.find(
                asked ? Finding.Effect.WORKING_FALSE : Finding.Effect.WORKING_DEGRADED,
                asked ? Reason.ManualRollback : Reason.RollingBack,
                Objects.requireNonNullElse(held(draft).message(), "") + (obstacle == null ? "" : "; " + obstacle));
    }

    /** Hosts are left that cannot be brought back now. That the release is bad, or held, is known all the same. */
    static void isLeft(Draft draft, String left, boolean late) {
        announce(draft, left);
        if (late) {
            draft.find(Finding.Effect.STALLED, Reason.ProgressDeadlineExceeded, left);
        }
    }

    /** The spec, or what it refers to, was changed while an older revision was being brought back. */
    static void supersede(Draft draft, RolloutStatus rollout, String revision) {
        if (draft.failed != null) {
            return;
        }
        draft.superseded = rollout;
        draft.rollout = revision.equals(rollout.revision())
                ? rollout.with(RolloutPhase.Deploying, rollout.deadlineTime(), null)
                : null;
    }

    static FailedRevision held(Draft draft) {
        return Objects.requireNonNull(
                draft.failed, "an older revision is kept only while the spec's is failed or held");
    }
}
