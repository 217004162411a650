package dev.lightkeeper.readers;

import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What tools that wait (Flux, Helm 4, kpt) make of an object of a kind that they do not know, by the description of kstatus
 * (sigs.k8s.io/cli-utils/pkg/kstatus): deletion, then generation, then the first of Reconciling and Stalled that is True,
 * then Ready.
 */
public enum Kstatus {
    InProgress,
    Failed,
    Current,
    Terminating;

    /**
     * The answer for one object.
     *
     * @param generation and {@code observedGeneration}: a missing one is not compared
     */
    public static Kstatus of(
            boolean deleted, @Nullable Long generation, @Nullable Long observedGeneration, List<Condition> conditions) {
        if (deleted) {
            return Terminating;
        }
        if (generation != null && observedGeneration != null && !Objects.equals(generation, observedGeneration)) {
            return InProgress;
        }
        for (Condition condition : conditions) {
            if (condition.status() == ConditionStatus.True) {
                switch (condition.type()) {
                    case "Reconciling" -> {
                        return InProgress;
                    }
                    case "Stalled" -> {
                        return Failed;
                    }
                    default -> {}
                }
            }
        }
        return conditions.stream()
                        .filter(condition -> condition.type().equals("Ready"))
                        .findFirst()
                        .filter(ready -> ready.status() != ConditionStatus.True)
                        .isPresent()
                ? InProgress
                : Current;
    }
}
