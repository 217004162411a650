package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.AutomaticActKind;
import dev.lightkeeper.api.v1alpha1.ManagementPolicy;
import dev.lightkeeper.api.v1alpha1.RolloutStatus;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How often one and the same release is deployed before it counts as failed. */
final class Attempts {
    private Attempts() {}

    /** Whether a revision that failed may be deployed once more. */
    static boolean remain(Draft draft, String revision) {
        RolloutStatus rollout = draft.rollout;
        return rollout != null
                && revision.equals(rollout.revision())
                && isDeclared(draft, revision)
                && draft.desired.spec().managementPolicy() == ManagementPolicy.Enforce
                && made(rollout) < draft.desired.spec().rollout().maxAttempts()
                && !RepairBudget.isOfTheDaySpent(draft);
    }

    /** What cannot be resolved in this run is not known to be another release. */
    private static boolean isDeclared(Draft draft, String revision) {
        return draft.desired.release() == null || revision.equals(draft.number());
    }

    /** From the second on nobody has asked for the deployment. */
    static @Nullable AutomaticActKind automatic(Draft draft) {
        return draft.rollout != null && made(draft.rollout) > 1 ? AutomaticActKind.Retry : null;
    }

    private static int made(RolloutStatus rollout) {
        return Objects.requireNonNullElse(rollout.attempt(), 1);
    }
}
