package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.Reason;
import java.util.Set;

/**
 * Something that keeps the resource from being Ready, or that Ready should tell.
 *
 * @param effect what it means for the conditions
 * @param reason its place in the order of {@link Reason} decides which finding is told
 * @param message what, why, what next; deterministic
 */
public record Finding(Effect effect, Reason reason, String message) {
    static final Set<Reason> HEALING_SLOWLY =
            Set.of(Reason.AccessDenied, Reason.QuotaExceeded, Reason.NameExists, Reason.RequestRefused);

    /** Whether it tells of a call that AWS refused for a cause that only people remove, so that it is repeated slowly. */
    public boolean healsSlowly() {
        return effect == Effect.STALLED && HEALING_SLOWLY.contains(reason);
    }

    /** Whether such a reason tells of a call that AWS refused for a cause that only people remove. */
    public static boolean isOfRefusedCall(String reason) {
        return HEALING_SLOWLY.stream().anyMatch(refusal -> refusal.name().equals(reason));
    }

    /** What a finding does to the conditions. */
    public enum Effect {
        /** Needs a human or a new spec: Stalled, Ready False. */
        STALLED(Readiness.FALSE, Progress.STALLED, false),
        /** As STALLED, and the release or the service is known bad: Degraded too. */
        STALLED_DEGRADED(Readiness.FALSE, Progress.STALLED, true),
        /** Nobody can say: Stalled with Ready Unknown. */
        STALLED_UNKNOWN(Readiness.UNKNOWN, Progress.STALLED, false),
        /** As STALLED_UNKNOWN, and what served is not to be seen any more: Degraded too. */
        STALLED_UNKNOWN_DEGRADED(Readiness.UNKNOWN, Progress.STALLED, true),
        /** Being worked on: Ready Unknown until it is proved. */
        WORKING(Readiness.UNKNOWN, Progress.RECONCILING, false),
        /** Being worked on while something asked for is known to be missing: Ready False. */
        WORKING_FALSE(Readiness.FALSE, Progress.RECONCILING, false),
        /** As WORKING_FALSE, and what serves is not what was verified: Degraded too. */
        WORKING_DEGRADED(Readiness.FALSE, Progress.RECONCILING, true),
        /** Being worked on; says nothing about Ready. */
        WORKING_QUIETLY(Readiness.SILENT, Progress.RECONCILING, false),
        /** Being worked on while redundancy is below what the manifest accepts; says nothing about Ready. */
        WORKING_AT_RISK(Readiness.SILENT, Progress.RECONCILING, true),
        /** Nobody can say, and nothing is being done about it: Ready Unknown. */
        UNPROVED(Readiness.UNKNOWN, Progress.NONE, false),
        /** Known not to be what the spec asks for, and nothing is done about it (suspended, Report, Observe). */
        NOT_READY(Readiness.FALSE, Progress.NONE, false),
        /** A check fails past its threshold: Ready False, Degraded. */
        FAILING(Readiness.FALSE, Progress.NONE, true);

        private final Readiness ready;
        private final Progress progress;
        private final boolean degraded;

        Effect(Readiness ready, Progress progress, boolean degraded) {
            this.ready = ready;
            this.progress = progress;
            this.degraded = degraded;
        }

        /** What it says about Ready. */
        public Readiness ready() {
            return ready;
        }

        /** Which of Reconciling and Stalled it asks for. */
        public Progress progress() {
            return progress;
        }

        /** Whether Degraded is True because of it. */
        public boolean degraded() {
            return degraded;
        }
    }

    /** What a finding says about Ready. */
    public enum Readiness {
        FALSE,
        UNKNOWN,
        SILENT
    }

    /** Which kstatus condition a finding asks for. */
    public enum Progress {
        RECONCILING,
        STALLED,
        NONE
    }
}
