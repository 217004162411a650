package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.LightsailStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RolloutPhase;
import dev.lightkeeper.desired.DesiredState.Release;
import dev.lightkeeper.observe.LiveService;
import java.time.Instant;

/** Power and scale: more of it before a deployment, less of it after the deployment has proved itself. */
final class Capacity {
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
            update(draft, service, power, scale, reason, limited);
        }
    }

    private static String power(Draft draft, LiveService service) {
        Release release = draft.desired.release();
        return release == null || draft.failed != null ? service.power() : release.power();
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
                && !Convergence.keeps(draft, Convergence.number(draft, release));
    }

    private static int reachedScale(Draft draft) {
        LightsailStatus before = draft.history.status().lightsail();
        return before == null || before.reachedScale() == null ? 0 : before.reachedScale();
    }

    static void lower(Draft draft, LiveService service) {
        int wanted = draft.desired.spec().scale();
        boolean underWay = draft.rollout != null && draft.rollout.phase() != RolloutPhase.Baking;
        if (service.scale() <= wanted || underWay) {
            return;
        }
        if (Comparison.raisedByHand(draft, service)) {
            Instant since = draft.history
                    .condition("Synced")
                    .filter(condition -> condition.reason().equals(Reason.ScaleRaisedByHand.name()))
                    .map(Condition::lastTransitionTime)
                    .orElse(draft.now);
            Instant end = since.plus(draft.timings.raisedScaleGrace());
            draft.lookAgainAt(end);
            if (draft.now.isBefore(end) || draft.history.is("Degraded", ConditionStatus.True)) {
                return;
            }
        }
        update(draft, service, service.power(), wanted, Reason.ScaleMismatch, false);
    }

    private static void update(
            Draft draft, LiveService service, String power, int scale, Reason mismatch, boolean limited) {
        String before = "%s × %d".formatted(service.power(), service.scale());
        boolean drift = workAside(draft, service) == Finding.Effect.WORKING_QUIETLY;
        Reason reason = drift ? mismatch : Reason.Capacity;
        boolean willAct = draft.act(
                new Action.UpdateCapacity(ServiceRules.serviceName(draft), power, scale, before, reason, limited),
                drift);
        if (willAct) {
            draft.find(
                    effect(draft, service),
                    reason,
                    "capacity is changed to %s × %d (was %s)".formatted(power, scale, before));
            draft.lookAgainIn(draft.timings.transitionLook());
        }
    }

    /** Work on capacity; fewer nodes than the manifest accepts is more than work, unless it asks for more just now. */
    static Finding.Effect effect(Draft draft, LiveService service) {
        Finding.Effect work = workAside(draft, service);
        boolean atRisk = service.scale() < draft.desired.spec().minimumScale();
        return atRisk && work == Finding.Effect.WORKING_QUIETLY ? Finding.Effect.WORKING_AT_RISK : work;
    }

    private static Finding.Effect workAside(Draft draft, LiveService service) {
        return isNew(draft, service) ? Finding.Effect.WORKING : draft.workAside();
    }
}
