package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.RolloutStatus;
import dev.lightkeeper.observe.Observed;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The deadlines of a rollout stand still while it is suspended and while AWS cannot be observed. */
final class Clocks {
    private Clocks() {}

    static void apply(Draft draft) {
        RolloutStatus rollout = draft.rollout;
        if (rollout == null) {
            return;
        }
        boolean stand = draft.isSuspended() || draft.live.service() instanceof Observed.Unknown;
        Instant since = rollout.pausedTime();
        if (stand && since == null) {
            draft.rollout = with(rollout, rollout.deadlineTime(), draft.now);
        } else if (!stand && since != null) {
            Instant deadline = rollout.deadlineTime();
            draft.rollout =
                    with(rollout, deadline == null ? null : deadline.plus(Duration.between(since, draft.now)), null);
        }
    }

    /** Whether the deadline of the rollout has come; never while its clock stands. */
    static boolean isOver(RolloutStatus rollout, Instant time) {
        return rollout.pausedTime() == null && rollout.deadlineTime() != null && !time.isBefore(rollout.deadlineTime());
    }

    private static RolloutStatus with(RolloutStatus rollout, @Nullable Instant deadline, @Nullable Instant paused) {
        return new RolloutStatus(
                rollout.revision(),
                rollout.phase(),
                rollout.startedTime(),
                deadline,
                paused,
                rollout.targetRevision(),
                rollout.targetAvailable(),
                rollout.attempt());
    }
}
