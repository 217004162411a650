package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Power;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RolloutPhase;
import dev.lightkeeper.desired.DesiredState.Release;
import dev.lightkeeper.observe.LiveService;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Power and scale: more of it before a deployment, less of it after the deployment has proved itself. */
final class Capacity {
    private static final List<String> ASCENDING = Arrays.stream(Power.values())
            .map(power -> power.name().toLowerCase(Locale.ROOT))
            .toList();

    private Capacity() {}

    static void raise(Draft draft, LiveService service) {
        String power = power(draft, service);
        int scale = Math.max(service.scale(), draft.desired.spec().scale());
        boolean limited = isNew(draft, service) && !isLive(service, power, scale);
        if (limited && !SpendingRules.allows(draft, power, scale)) {
            limited = false;
            draft.powerWithheld = isNewPower(draft, service);
            power = draft.powerWithheld ? service.power() : power;
            scale = Math.max(service.scale(), Math.min(scale, reachedScale(draft)));
        }
        if (!isLive(service, power, scale)) {
            Reason reason = service.scale() < scale ? Reason.ScaleMismatch : Reason.PowerMismatch;
            boolean _ = update(draft, service, power, scale, reason, limited, !isNew(draft, service));
        }
    }

    private static String power(Draft draft, LiveService service) {
        Release release = draft.desired.release();
        return release == null || isFailedAndNotLive(draft) || isMoreThan(service, release)
                ? service.power()
                : release.power();
    }

    /** A release that failed and does not serve gets no nodes; one that serves has those that it asks for. */
    private static boolean isFailedAndNotLive(Draft draft) {
        return draft.failed != null
                && (draft.history.memory().keepsOlder()
                        || Comparison.contentDifference(draft).isPresent());
    }

    /** Whether the nodes are larger than the release asks for; a power that this version does not know never is. */
    static boolean isMoreThan(LiveService service, Release release) {
        int live = ASCENDING.indexOf(service.power());
        return live > ASCENDING.indexOf(release.power());
    }

    /**
     * Takes smaller nodes, for a release that is live and was proved on the larger ones.
     *
     * @return whether the release has to be proved again, on the smaller ones
     */
    static boolean lowerPower(Draft draft, LiveService service, Release release, String revision) {
        if (!isMoreThan(service, release)) {
            return false;
        }
        boolean askedFor = !revision.equals(draft.history.memory().updateRevision())
                || (draft.rollout != null && draft.rollout.phase() == RolloutPhase.Capacity);
        boolean drift = !askedFor && Convergence.keeps(draft, revision);
        if (drift && ChangesByHand.leaves(draft, service)) {
            return true;
        }
        boolean willAct = update(draft, service, release.power(), service.scale(), Reason.PowerMismatch, false, drift);
        if (willAct && !drift) {
            draft.rollout =
                    Convergence.rollout(draft, revision, RolloutPhase.Capacity, draft.rolloutStarted(), draft.now);
        }
        return true;
    }

    private static boolean isLive(LiveService service, String power, int scale) {
        return service.power().equals(power) && service.scale() == scale;
    }

    /** Whether the manifest asks for more than it ever had: what was live before is restored, not asked for. */
    private static boolean isNew(Draft draft, LiveService service) {
        return draft.desired.spec().scale() > reachedScale(draft) || isNewPower(draft, service);
    }

    private static boolean isNewPower(Draft draft, LiveService service) {
        Release release = draft.desired.release();
        return release != null
                && !power(draft, service).equals(service.power())
                && !Convergence.keeps(draft, draft.number());
    }

    /** Brings the nodes of an older revision back; no limit holds for that. */
    static void restorePower(Draft draft, LiveService service, RevisionRecord kept) {
        boolean drift = !RollbackRules.isRollingBack(draft);
        update(draft, service, kept.power(), service.scale(), Reason.PowerMismatch, false, drift);
    }

    private static int reachedScale(Draft draft) {
        return draft.history.reachedScale();
    }

    static void lower(Draft draft, LiveService service) {
        int wanted = draft.desired.spec().scale();
        // What is Stalled may stay so for days, and scale belongs to no revision.
        boolean underWay = draft.rollout != null && draft.rollout.phase() != RolloutPhase.Baking && !draft.isStalled();
        if (service.scale() <= wanted || underWay) {
            return;
        }
        if (draft.scaleRaisedTime != null) {
            Instant end = draft.scaleRaisedTime.plus(draft.timings.raisedScaleGrace());
            draft.lookAgainAt(end);
            if (draft.now.isBefore(end) || draft.history.is("Degraded", ConditionStatus.True)) {
                return;
            }
        }
        boolean drift = draft.scaleRaisedTime != null;
        boolean _ = update(draft, service, service.power(), wanted, Reason.ScaleMismatch, false, drift);
    }

    private static boolean update(
            Draft draft,
            LiveService service,
            String power,
            int scale,
            Reason mismatch,
            boolean limited,
            boolean drift) {
        String before = "%s × %d".formatted(service.power(), service.scale());
        Reason reason = drift ? mismatch : Reason.Capacity;
        boolean willAct = draft.act(
                new Action.UpdateCapacity(ServiceRules.serviceName(draft), power, scale, before, reason, limited),
                drift);
        if (willAct) {
            // Other nodes prove nothing yet, whatever was told of the generation before.
            boolean other = !drift && !power.equals(service.power());
            Finding.Effect effect = other ? Finding.Effect.WORKING : effect(draft, service, drift);
            // No mismatch is why something is not Ready, but work that is a part of a rollout is.
            draft.find(
                    effect,
                    effect == Finding.Effect.WORKING ? Reason.Capacity : reason,
                    "capacity is changed to %s × %d (was %s)".formatted(power, scale, before));
            draft.lookAgainIn(draft.timings.transitionLook());
        }
        return willAct;
    }

    /** Work on capacity; fewer nodes than the manifest accepts is more than work, unless it asks for more just now. */
    static Finding.Effect effect(Draft draft, LiveService service, boolean drift) {
        Finding.Effect work = isNew(draft, service) ? Finding.Effect.WORKING : draft.workAside(drift);
        boolean atRisk = service.scale() < draft.desired.spec().minimumScale();
        return atRisk && work == Finding.Effect.WORKING_QUIETLY ? Finding.Effect.WORKING_AT_RISK : work;
    }
}
