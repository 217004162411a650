package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.RolloutStatus;
import dev.lightkeeper.observe.Observed;
import java.time.Duration;
import java.time.Instant;

/** The deadlines of a rollout stand still while nothing may be done about it and while AWS cannot be observed. */
final class Clocks {
    private Clocks() {}

    static void apply(Draft draft) {
        RolloutStatus rollout = draft.rollout;
        if (rollout == null) {
            return;
        }
        boolean stand =
                draft.isSuspended() || draft.isAutomationPaused() || draft.live.service() instanceof Observed.Unknown;
        Instant since = rollout.pausedTime();
        if (stand && since == null) {
            draft.rollout = rollout.with(rollout.phase(), rollout.deadlineTime(), draft.now);
        } else if (!stand && since != null) {
            Instant deadline = rollout.deadlineTime();
            draft.rollout = rollout.with(
                    rollout.phase(), deadline == null ? null : deadline.plus(Duration.between(since, draft.now)), null);
        }
    }

    /** Whether the deadline of the rollout has come; never while its clock stands. */
    static boolean isOver(RolloutStatus rollout, Instant time) {
        return rollout.pausedTime() == null && rollout.deadlineTime() != null && !time.isBefore(rollout.deadlineTime());
    }
}
