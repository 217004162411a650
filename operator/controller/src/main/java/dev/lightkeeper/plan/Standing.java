package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.FailedRevision;
import dev.lightkeeper.api.v1alpha1.OperationStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RolloutPhase;
import dev.lightkeeper.api.v1alpha1.RolloutStatus;
import java.util.Optional;

/** What is still true from earlier runs, whatever this one could see. */
final class Standing {
    private Standing() {}

    static void apply(Draft draft) {
        FailedRevision failed = draft.failed;
        boolean told = RollbackRules.isRollingBack(draft) && !RotationRules.isRotation(draft);
        if (failed != null && !draft.desired.absent() && !told) {
            tell(draft, failed);
        }
        RolloutStatus rollout = draft.rollout;
        if (!draft.observed && rollout != null && rollout.phase() != RolloutPhase.Baking && draft.findings.isEmpty()) {
            draft.find(
                    Finding.Effect.WORKING,
                    rollout.phase() == RolloutPhase.Verifying ? Reason.Verifying : Reason.Deploying,
                    "the rollout goes on when AWS answers again");
        }
    }

    private static void tell(Draft draft, FailedRevision failed) {
        if (!FailureMemory.isOfAnother(draft.desired, draft.history, failed)) {
            draft.findings.add(FailureMemory.finding(failed));
        } else if (draft.findings.stream().allMatch(it -> it.effect().ready() == Finding.Readiness.SILENT)) {
            draft.find(
                    Finding.Effect.WORKING,
                    Reason.Preflight,
                    "what is declared now is something else than revision %s, which failed or is held; it is deployed when that is possible"
                            .formatted(failed.revision()));
        }
    }

    /** Whether the last call was refused for a cause that only people remove, so that it is repeated slowly. */
    static boolean healsSlowly(Draft draft) {
        return refusal(draft).isPresent();
    }

    /**
     * Whether AWS refused this deployment or creation, not long ago, for such a cause. What else was refused is held back
     * where it is done.
     */
    static boolean isHeldBack(Draft draft, Action action) {
        return (action instanceof Action.Deploy || action instanceof Action.CreateService) && isRefused(draft);
    }

    /** Whether the outstanding operation is known to have done nothing, and is to be begun again only slowly. */
    static boolean isRefused(Draft draft) {
        OperationStatus operation = draft.operation;
        return operation != null && operation.operationId() == null && healsSlowly(draft);
    }

    /** Says again what the run that made the outstanding call said. */
    static void carryOver(Draft draft) {
        refusal(draft)
                .ifPresentOrElse(
                        draft.findings::add,
                        () -> Convergence.announce(
                                draft, Reason.Deploying, "the last call is looked up before anything else is done"));
    }

    private static Optional<Finding> refusal(Draft draft) {
        return draft.history
                .condition("Stalled")
                .flatMap(told -> Finding.HEALING_SLOWLY.stream()
                        .filter(reason -> reason.name().equals(told.reason()))
                        .findFirst()
                        .map(reason -> new Finding(Finding.Effect.STALLED, reason, told.message())));
    }
}
