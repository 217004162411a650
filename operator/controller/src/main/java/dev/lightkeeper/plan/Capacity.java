package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RolloutPhase;
import dev.lightkeeper.desired.DesiredState.Release;
import dev.lightkeeper.observe.LiveService;
import java.time.Instant;

/** Power and scale: more of it before a deployment, less of it after the deployment has proved itself. */
final class Capacity {
    private Capacity() {}

    static void raise(Draft draft, LiveService service) {
        Release release = draft.desired.release();
        int wanted = draft.desired.spec().scale();
        String power = release == null || draft.failed != null ? service.power() : release.power();
        if (power.equals(service.power()) && service.scale() >= wanted) {
            return;
        }
        int scale = Math.max(service.scale(), wanted);
        Reason reason = service.scale() < wanted ? Reason.ScaleMismatch : Reason.PowerMismatch;
        update(draft, service, power, scale, reason);
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
        update(draft, service, service.power(), wanted, Reason.ScaleMismatch);
    }

    private static void update(Draft draft, LiveService service, String power, int scale, Reason mismatch) {
        String before = "%s × %d".formatted(service.power(), service.scale());
        boolean drift = draft.workAside() == Finding.Effect.WORKING_QUIETLY;
        Reason reason = drift ? mismatch : Reason.Capacity;
        boolean willAct = draft.act(
                new Action.UpdateCapacity(ServiceRules.serviceName(draft), power, scale, before, reason), drift);
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
        Finding.Effect work = draft.workAside();
        boolean atRisk = service.scale() < draft.desired.spec().minimumScale();
        return atRisk && work == Finding.Effect.WORKING_QUIETLY ? Finding.Effect.WORKING_AT_RISK : work;
    }
}
