package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.Annotations;
import dev.lightkeeper.api.v1alpha1.AutomaticActKind;
import dev.lightkeeper.api.v1alpha1.CheckResult;
import dev.lightkeeper.api.v1alpha1.CheckStatus;
import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.Readiness;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RevisionResult;
import dev.lightkeeper.api.v1alpha1.Rollout;
import dev.lightkeeper.api.v1alpha1.RolloutPhase;
import dev.lightkeeper.api.v1alpha1.RolloutStatus;
import dev.lightkeeper.desired.Contract;
import dev.lightkeeper.desired.DesiredState.Release;
import dev.lightkeeper.observe.LiveDeployment;
import dev.lightkeeper.observe.LiveService;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The course of a rollout once the spec's release is live: verify, bake, settle. */
final class RolloutRules {
    private RolloutRules() {}

    /** The spec moved on while another revision was under way. */
    static void supersede(Draft draft, String revision) {
        RolloutStatus rollout = draft.rollout;
        if (rollout == null || rollout.revision() == null) {
            return;
        }
        if (rollout.phase() == RolloutPhase.RollingBack) {
            RollbackRules.supersede(draft, rollout, revision);
            return;
        }
        if (rollout.revision().equals(revision)) {
            return;
        }
        if (rollout.phase() != RolloutPhase.Baking) {
            draft.superseded = rollout;
        }
        if (rollout.phase() == RolloutPhase.Baking) {
            if (allPassing(required(draft))) {
                draft.lastVerifiedRevision = rollout.revision();
            }
        } else if (draft.history.byNumber(rollout.revision()).isPresent()
                && !Convergence.isVerified(draft, rollout.revision())) {
            draft.marks.add(new Plan.RevisionMark(rollout.revision(), RevisionRecord.Result.Superseded, null, null));
            Chronicle.finished(draft, rollout.revision(), RevisionResult.Superseded, null, null);
        }
        draft.rollout = null;
    }

    /** The spec's release is what AWS runs. */
    static void advance(Draft draft, LiveDeployment current, Release release, String revision) {
        Rollout settings = draft.desired.spec().rollout();
        boolean unanswered = isRestartUnanswered(draft, current);
        if ((draft.restart || unanswered) && (again(draft, current, release, revision) || unanswered)) {
            return;
        }
        serves(draft, current, revision);
        boolean keptAlready = Convergence.keeps(draft, revision);
        boolean larger = Capacity.isMoreThan(ServiceRules.service(draft), release);
        boolean provedElsewhere = larger && !keptAlready && isProvedElsewhere(draft, release);
        if (provedElsewhere && draft.withheld(false).isPresent()) {
            // Were it the revision that is kept live already, then its power would be a matter of drift later on.
            lowerPower(draft, release, revision);
            return;
        }
        draft.storeRevision = draft.history.byNumber(revision).isEmpty();
        draft.currentRevision = revision;
        if (draft.failed != null) {
            healHeld(draft, settings, release, revision);
            return;
        }
        RolloutStatus rollout = draft.rollout;
        if (provedElsewhere || (larger && keptAlready)) {
            lowerPower(draft, release, revision);
            if (!keptAlready || !draft.actions.isEmpty()) {
                return;
            }
        }
        boolean proved = rollout == null || rollout.phase() == RolloutPhase.Baking;
        if (proved && keptAlready && !contractIsKnown(draft, revision)) {
            proveAgain(draft, settings, revision);
            return;
        }
        if (rollout == null && keptAlready) {
            declaredAgain(draft, revision);
            return;
        }
        if (rollout == null || (rollout.phase() != RolloutPhase.Verifying && rollout.phase() != RolloutPhase.Baking)) {
            rollout = verifying(draft, rollout, revision);
        }
        if (rollout.phase() == RolloutPhase.Verifying) {
            verify(draft, settings, rollout, current, release, revision);
        } else {
            bake(draft, rollout, release, revision);
        }
    }

    /** Whoever goes back to what was verified before ends the row of failures: it is what is declared, and it passes. */
    private static void declaredAgain(Draft draft, String revision) {
        if (!Chronicle.failedInARow(draft).isEmpty() && allPassing(required(draft))) {
            Chronicle.finished(draft, revision, RevisionResult.Verified, null, null);
        }
    }

    /** A revision of ours is what AWS runs. */
    static void serves(Draft draft, LiveDeployment current, String revision) {
        if (draft.deploymentVersion == null || draft.deploymentVersion != current.version()) {
            draft.deploymentVersion = (long) current.version();
            draft.activeTime = draft.now;
            draft.marks.add(new Plan.RevisionMark(revision, null, (long) current.version(), null));
        }
        if (draft.activeTime == null) {
            draft.activeTime = draft.now;
        }
        draft.foreign = null;
    }

    static boolean contractIsKnown(Draft draft, String revision) {
        return draft.history
                .byNumber(revision)
                .filter(record -> record.contractHash().equals(draft.desired.contractHash()))
                .isPresent();
    }

    /** The same bits under another contract: nothing is called and nothing is taken back, only told. */
    private static void proveAgain(Draft draft, Rollout settings, String revision) {
        List<CheckStatus> required = required(draft);
        if (draft.specChanged() || !isProvedAgain(draft, settings, required)) {
            draft.lookAgainIn(draft.timings.transitionLook());
            if (draft.specChanged() || !anyFailing(required)) {
                draft.find(
                        Finding.Effect.WORKING,
                        Reason.Verifying,
                        "revision %s is live; its checks were changed and are made again".formatted(revision));
            }
            return;
        }
        mark(draft, revision);
    }

    private static boolean isProvedAgain(Draft draft, Rollout settings, List<CheckStatus> required) {
        Instant since = draft.history
                .condition("Ready")
                .map(Condition::lastTransitionTime)
                .orElse(draft.now);
        Instant proved = since.plusSeconds(settings.minReadySeconds());
        draft.lookAgainAt(proved);
        return passingLongEnough(draft, settings, required) && !draft.now.isBefore(proved);
    }

    private static void mark(Draft draft, String revision) {
        draft.marks.add(new Plan.RevisionMark(
                revision,
                RevisionRecord.Result.Verified,
                draft.deploymentVersion,
                draft.now,
                draft.desired.contractHash(),
                contractIsKnown(draft, revision) ? null : Contract.of(draft.desired.spec())));
    }

    /** Whether a restart was begun that AWS never took: what serves is still what served before it. */
    private static boolean isRestartUnanswered(Draft draft, LiveDeployment current) {
        Long before = draft.history.memory().deploymentVersion();
        return draft.rollout != null
                && draft.rollout.phase() == RolloutPhase.Deploying
                && before != null
                && before == current.version();
    }

    /** Deploys what serves once more: on request, or as its next attempt. */
    private static boolean again(Draft draft, LiveDeployment current, Release release, String revision) {
        AutomaticActKind automatic = draft.restart ? null : Attempts.automatic(draft);
        Reason reason = automatic == null ? Reason.RestartRequested : Reason.Deploying;
        Action deploy = Convergence.deploy(
                draft, release, revision, reason, current.content().images(), automatic);
        if (!draft.act(deploy, false)) {
            return false;
        }
        if (draft.restart) {
            Requests.done(draft, Annotations.RESTART_REQUESTED_AT);
        }
        Instant began = automatic == null ? draft.now : draft.rolloutStarted();
        draft.rollout = Convergence.rollout(draft, revision, RolloutPhase.Deploying, began, draft.now);
        draft.find(
                Finding.Effect.WORKING,
                reason,
                automatic == null
                        ? "a restart was requested; the same revision is deployed again"
                        : "revision %s did not prove itself and is deployed again (rollout.maxAttempts)"
                                .formatted(revision));
        draft.lookAgainIn(draft.timings.transitionLook());
        return true;
    }

    private static RolloutStatus verifying(Draft draft, @Nullable RolloutStatus before, String revision) {
        // What has been active for long gets the same time from now on: its checks or our knowledge of it are new.
        Instant begin = before == null ? draft.now : Objects.requireNonNullElse(draft.activeTime, draft.now);
        RolloutStatus verifying = RollbackRules.rollout(
                draft,
                revision,
                RolloutPhase.Verifying,
                draft.rolloutStarted(),
                begin.plusSeconds(draft.desired.spec().verification().deadlineSeconds()));
        draft.rollout = verifying;
        return verifying;
    }

    private static void verify(
            Draft draft,
            Rollout settings,
            RolloutStatus rollout,
            LiveDeployment current,
            Release release,
            String revision) {
        draft.lookAgainIn(draft.timings.transitionLook());
        List<CheckStatus> required = required(draft);
        if (passingLongEnough(draft, settings, required)) {
            proved(draft, settings, release, revision);
            return;
        }
        boolean decisive = isDecided(draft, rollout);
        boolean failed = decisive && anyFailing(required);
        if (failed && draft.mayBlameTheRelease()) {
            if (!attemptedAgain(draft, rollout, current, release, revision)) {
                RollbackRules.failed(
                        draft,
                        release,
                        revision,
                        "revision %s did not prove itself within verification.deadlineSeconds: %s"
                                .formatted(revision, failing(required)));
            }
        } else if (draft.isAutomationPaused()) {
            verdictWaits(draft, revision);
        } else if (decisive && !failed && !allPassing(required)) {
            draft.find(
                    Finding.Effect.STALLED_UNKNOWN,
                    Reason.VerificationInconclusive,
                    "revision %s is live, but its checks could be neither passed nor failed within verification.deadlineSeconds; it is looked at on"
                            .formatted(revision));
        } else {
            draft.find(
                    Finding.Effect.WORKING,
                    Reason.Verifying,
                    "revision %s is live and being verified".formatted(revision));
        }
    }

    private static void verdictWaits(Draft draft, String revision) {
        draft.find(
                Finding.Effect.WORKING,
                Reason.AutomationPaused,
                "the verdict on revision %s waits: %s".formatted(revision, Draft.AUTOMATION_PAUSED));
    }

    private static boolean attemptedAgain(
            Draft draft, RolloutStatus rollout, LiveDeployment current, Release release, String revision) {
        if (!Attempts.remain(draft, revision)) {
            return false;
        }
        draft.rollout = rollout.again();
        return again(draft, current, release, revision);
    }

    /** Whether the same content was verified with another power, or on the way to this one. */
    private static boolean isProvedElsewhere(Draft draft, Release release) {
        RolloutStatus rollout = draft.rollout;
        return (rollout != null && rollout.phase() == RolloutPhase.Capacity)
                || draft.history.revisions().stream()
                        .filter(record -> record.result() == RevisionRecord.Result.Verified)
                        .anyMatch(record -> record.content().equals(release.digested()));
    }

    private static boolean lowerPower(Draft draft, Release release, String revision) {
        LiveService service = ServiceRules.service(draft);
        boolean lowered = Capacity.lowerPower(draft, service, release, revision);
        Optional<String> withheld = draft.withheld(false);
        if (lowered && withheld.isPresent() && !Convergence.keeps(draft, revision)) {
            Convergence.powerStays(draft, service, release, withheld.get());
        }
        return lowered;
    }

    private static void proved(Draft draft, Rollout settings, Release release, String revision) {
        // The nodes of what was verified before are a matter of drift.
        if (Convergence.keeps(draft, revision) || !lowerPower(draft, release, revision)) {
            verified(draft, settings, revision);
        }
    }

    private static void verified(Draft draft, Rollout settings, String revision) {
        mark(draft, revision);
        if (!Convergence.isVerified(draft, revision)
                || draft.entries.stream().noneMatch(entry -> entry.revision().equals(revision))) {
            Chronicle.finished(draft, revision, RevisionResult.Verified, null, null);
        }
        draft.rollout = RollbackRules.rollout(
                draft,
                revision,
                RolloutPhase.Baking,
                draft.rolloutStarted(),
                draft.now.plusSeconds(settings.bakeSeconds()));
    }

    private static void bake(Draft draft, RolloutStatus rollout, Release release, String revision) {
        List<CheckStatus> required = required(draft);
        if (anyFailing(required)) {
            if (draft.isSuspended()) {
                return;
            }
            if (draft.isAutomationPaused()) {
                verdictWaits(draft, revision);
            } else if (draft.mayBlameTheRelease()) {
                RollbackRules.failed(
                        draft,
                        release,
                        revision,
                        "revision %s failed soon after it was verified: %s".formatted(revision, failing(required)));
            }
            return;
        }
        Instant judged = couldHaveFailed(draft);
        if (isDecided(draft, rollout) && !draft.now.isBefore(judged)) {
            draft.lastVerifiedRevision = revision;
            draft.rollout = null;
        } else {
            Instant deadline = Objects.requireNonNullElse(rollout.deadlineTime(), draft.now);
            draft.lookAgainAt(deadline.isAfter(judged) ? deadline : judged);
        }
    }

    /** From when on a check would be told as failing that has missed in every round of this process. */
    private static Instant couldHaveFailed(Draft draft) {
        Readiness readiness = draft.desired.spec().readiness();
        Instant since = draft.history.probes().since();
        return readiness == null || since == null
                ? Instant.MIN
                : since.plusSeconds((long) readiness.failureThreshold() * readiness.periodSeconds());
    }

    /** A deadline decides once every check was made after it: whoever was away looks first. */
    private static boolean isDecided(Draft draft, RolloutStatus rollout) {
        return Clocks.isOver(rollout, Objects.requireNonNullElse(draft.history.lastRound(), Instant.MIN));
    }

    private static void healHeld(Draft draft, Rollout settings, Release release, String revision) {
        if (FailureMemory.endsByItself(draft) && passingLongEnough(draft, settings, required(draft))) {
            draft.failed = null;
            proved(draft, settings, release, revision);
        }
    }

    static List<CheckStatus> required(Draft draft) {
        return RequiredChecks.of(draft);
    }

    static boolean passingLongEnough(Draft draft, Rollout settings, List<CheckStatus> required) {
        // What a new spec declares was not tried yet.
        if (draft.specChanged() || !allPassing(required)) {
            return false;
        }
        Instant active = Objects.requireNonNullElse(draft.activeTime, draft.now);
        Instant since = required.stream()
                .map(check -> Objects.requireNonNullElse(check.lastTransitionTime(), draft.now))
                .max(Comparator.naturalOrder())
                .orElse(draft.now);
        Instant began =
                draft.rollout == null ? active : Objects.requireNonNullElse(draft.rollout.startedTime(), active);
        // Another power replaces the nodes without another version.
        Instant settled = (began.isAfter(active) ? began : active).plus(draft.timings.settle());
        Instant proved = (since.isAfter(settled) ? since : settled).plusSeconds(settings.minReadySeconds());
        draft.lookAgainAt(proved);
        return !draft.now.isBefore(proved);
    }

    private static boolean allPassing(List<CheckStatus> checks) {
        return !checks.isEmpty() && checks.stream().allMatch(check -> check.status() == CheckResult.Passing);
    }

    static boolean anyFailing(List<CheckStatus> checks) {
        return checks.stream().anyMatch(check -> check.status() == CheckResult.Failing);
    }

    static String failing(List<CheckStatus> checks) {
        return checks.stream()
                .filter(check -> check.status() == CheckResult.Failing)
                .map(check -> "%s: %s".formatted(check.name(), check.message()))
                .collect(Collectors.joining("; "));
    }
}
