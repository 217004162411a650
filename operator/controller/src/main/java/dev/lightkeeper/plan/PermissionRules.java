package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.TargetStatus;
import dev.lightkeeper.desired.Problem;
import dev.lightkeeper.observe.AccountCheck;
import dev.lightkeeper.observe.Observed;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** May anything be done at all? */
final class PermissionRules {
    private PermissionRules() {}

    static boolean allow(Draft draft) {
        return specIsValid(draft) && accountIsVerified(draft) && awsAnswered(draft);
    }

    private static boolean specIsValid(Draft draft) {
        draft.desired.problems().stream()
                .filter(problem -> problem.kind() == Problem.Kind.INVALID)
                .findFirst()
                .ifPresent(problem -> {
                    draft.find(Finding.Effect.STALLED, problem.reason(), problem.message());
                    draft.next = draft.timings.slowLook();
                });
        return draft.findings.isEmpty();
    }

    private static boolean accountIsVerified(Draft draft) {
        return switch (draft.live.account()) {
            case AccountCheck.Verified verified -> pinned(draft, verified);
            case AccountCheck.Refused refused -> {
                draft.find(Finding.Effect.STALLED, refused.reason(), refused.message());
                yield false;
            }
            case AccountCheck.Unavailable ignored -> {
                notObserved(draft);
                yield false;
            }
        };
    }

    private static boolean pinned(Draft draft, AccountCheck.Verified verified) {
        TargetStatus target = draft.target;
        if (target == null || target.accountId() == null || target.region() == null) {
            draft.target = new TargetStatus(
                    verified.accountId(),
                    verified.region(),
                    draft.history.memory().arn(),
                    target == null ? null : target.owned());
            return true;
        }
        Optional<String> moved = moved(draft, verified);
        moved.ifPresent(message -> draft.find(Finding.Effect.STALLED, Reason.TargetMoved, message));
        return moved.isEmpty();
    }

    /** What to say when the account or region in force is not the one that the service was first found in. */
    static Optional<String> moved(Draft draft, AccountCheck.Verified verified) {
        TargetStatus target = draft.target;
        return target != null && verified.isElsewhereThan(target)
                ? Optional.of(
                        "the service was first found in account %s, region %s, but the account and region in force are %s, %s; nothing is called there until they agree again"
                                .formatted(
                                        target.accountId(), target.region(), verified.accountId(), verified.region()))
                : Optional.empty();
    }

    private static boolean awsAnswered(Draft draft) {
        if (draft.live.service() instanceof Observed.Unknown) {
            notObserved(draft);
            return false;
        }
        draft.observed = true;
        return true;
    }

    /** Whether what was wrong with the account says why nothing is known. */
    static boolean isExplained(Draft draft) {
        return draft.history.wasDenied()
                || (draft.history.accountWasWrong() && draft.live.account() instanceof AccountCheck.Unavailable);
    }

    private static void notObserved(Draft draft) {
        draft.lookAgainIn(draft.timings.transitionLook());
        boolean never = draft.target == null && !draft.history.accountWasWrong();
        Instant seen = Objects.requireNonNullElse(draft.history.lastSeen(), draft.now);
        Instant staleAt = seen.plus(draft.timings.observationStale());
        draft.lookAgainAt(staleAt);
        boolean stale = !draft.now.isBefore(staleAt) && !isExplained(draft);
        boolean silent = HostRolls.allAreSilent(draft);
        boolean toldBefore = draft.history.tells("Ready", Reason.ObservationStale);
        boolean healed = draft.history.isRightAgain(draft.live.account());
        if (never || stale || toldBefore || healed || draft.specChanged()) {
            draft.find(
                    Finding.Effect.WORKING,
                    never ? Reason.Initializing : Reason.ObservationStale,
                    silent
                            ? "SSM reaches none of the hosts; nothing is changed and nothing is claimed until it does"
                            : "AWS has not answered; nothing is changed and nothing is claimed until it does");
        }
    }
}
