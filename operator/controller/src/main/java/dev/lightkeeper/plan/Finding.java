package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.Reason;

/**
 * Something that keeps the resource from being Ready, or that Ready should tell.
 *
 * @param effect what it means for the conditions
 * @param reason its place in the order of {@link Reason} decides which finding is told
 * @param message what, why, what next; deterministic
 */
public record Finding(Effect effect, Reason reason, String message) {
    /** What a finding does to the conditions. */
    public enum Effect {
        /** Needs a human or a new spec: Stalled, Ready False. */
        STALLED,
        /** As STALLED, and the release is known bad: Degraded too. */
        STALLED_DEGRADED,
        /** Nobody can say: Stalled with Ready Unknown. */
        STALLED_UNKNOWN,
        /** Being worked on: Ready Unknown until it is proved. */
        WORKING,
        /** Being worked on while what serves is known to be wrong: Ready False. */
        WORKING_FALSE,
        /** As WORKING_FALSE, and what serves is not what was verified: Degraded too. */
        WORKING_DEGRADED,
        /** Being worked on, Ready keeps its last value. */
        WORKING_KEEPS_READY,
        /** Told by Synced only. */
        INFORMATIVE
    }
}
