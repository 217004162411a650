package dev.lightkeeper.readers;

import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import java.util.List;
import java.util.Objects;

/** The health that Argo CD has to show for the conditions of one object, in the order in which they are asked. */
public enum ArgoHealth {
    Progressing,
    Suspended,
    Healthy,
    Degraded;

    /** The answer for one object; an object that is being deleted is pending, whatever its conditions say. */
    public static ArgoHealth of(boolean deleted, Long generation, Long observedGeneration, List<Condition> conditions) {
        if (deleted || conditions.isEmpty() || !Objects.equals(generation, observedGeneration)) {
            return Progressing;
        }
        if (isTrue(conditions, "Suspended")) {
            return isTrue(conditions, "Degraded") ? Degraded : Suspended;
        }
        if (isTrue(conditions, "Stalled")) {
            return Degraded;
        }
        if (isTrue(conditions, "Reconciling")) {
            return Progressing;
        }
        if (isTrue(conditions, "Ready")) {
            return Healthy;
        }
        return isTrue(conditions, "Degraded") ? Degraded : Progressing;
    }

    private static boolean isTrue(List<Condition> conditions, String type) {
        return conditions.stream()
                .anyMatch(condition -> condition.type().equals(type) && condition.status() == ConditionStatus.True);
    }
}
