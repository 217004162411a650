package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.AutomaticAct;
import dev.lightkeeper.api.v1alpha1.AutomaticActKind;
import dev.lightkeeper.api.v1alpha1.FailedRevision;
import dev.lightkeeper.api.v1alpha1.OperationStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.desired.DesiredState.Release;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Predicate;

/** How often drift is corrected before it is left to people: somebody else wants something else, and a fight helps nobody. */
final class RepairBudget {
    private static final int SAME_DRIFT = 2;

    private RepairBudget() {}

    /** Whether the drift has to stay; then that is remembered until the spec changes or a retry is requested. */
    static boolean isSpent(Draft draft, Release release, String revision, String difference) {
        OperationStatus unanswered = draft.history.memory().operation();
        if (unanswered != null && unanswered.kind().equals(Operations.REPAIR)) {
            // Counted when it was asked for first.
            return false;
        }
        if (isOfTheDaySpent(draft)) {
            leave(
                    draft,
                    release,
                    revision,
                    Reason.TooManyFailures,
                    "the operator has deployed by itself as often as it may within a day, and %s; nothing more is done by itself. Find out who changes the service, then: %s"
                            .formatted(difference, Requests.retryCommand(draft.desired.resource())));
            return true;
        }
        boolean returned = count(draft, draft.timings.driftReturn(), act -> isRepair(act, revision)) >= SAME_DRIFT;
        if (returned) {
            leave(
                    draft,
                    release,
                    revision,
                    Reason.DriftReturned,
                    "%s, for the third time within an hour: %s, and it is left as it is. Stop that, then: %s"
                            .formatted(
                                    difference,
                                    ServiceRules.isOnHosts(draft)
                                            ? "somebody else changes what runs there, or it does not stay up"
                                            : "somebody else keeps deploying to this service",
                                    Requests.retryCommand(draft.desired.resource())));
        }
        return returned;
    }

    /** Whether a rotated value has to wait for people, too. */
    static boolean forbidsRotation(Draft draft, Release release, String revision) {
        if (!isOfTheDaySpent(draft)) {
            return false;
        }
        leave(
                draft,
                release,
                revision,
                Reason.TooManyFailures,
                "the operator has deployed by itself as often as it may within a day, and a Secret or parameter was rotated once more. Find out what rotates it, then: %s"
                        .formatted(Requests.retryCommand(draft.desired.resource())));
        return true;
    }

    private static boolean isRepair(AutomaticAct act, String revision) {
        return act.kind() == AutomaticActKind.Repair && revision.equals(act.revision());
    }

    /** Whether the operator has deployed by itself as often as it may within a day. */
    static boolean isOfTheDaySpent(Draft draft) {
        return count(draft, draft.timings.automaticBudget(), act -> true) >= Memory.ACTS_KEPT;
    }

    private static long count(Draft draft, Duration span, Predicate<AutomaticAct> counted) {
        Instant since = draft.now.minus(span);
        return draft.automaticActs.stream()
                .filter(act -> act.time().isAfter(since))
                .filter(counted)
                .count();
    }

    private static void leave(Draft draft, Release release, String revision, Reason reason, String message) {
        draft.failed = new FailedRevision(
                revision,
                Operations.failureKey(release.declared(), draft.desired.contractHash()),
                Map.of(),
                reason.name(),
                message);
        draft.rollout = null;
    }
}
