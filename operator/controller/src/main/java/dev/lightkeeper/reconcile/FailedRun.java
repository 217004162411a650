package dev.lightkeeper.reconcile;

import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The status of a resource whose runs end in an exception: an old Ready must not stand while nobody looks. */
final class FailedRun {
    private static final String READY = "Ready";

    private FailedRun() {}

    /** The same status with Ready Unknown; all memory is kept, and so is the generation that was seen last. */
    static ServiceDeploymentStatus told(ServiceDeploymentStatus last, String message, Instant now) {
        List<Condition> conditions = new ArrayList<>();
        last.conditions().stream()
                .filter(condition -> condition.type().equals(READY))
                .findFirst()
                .ifPresentOrElse(
                        ready -> conditions.add(unknown(ready.observedGeneration(), since(ready, now), message)),
                        () -> conditions.add(unknown(null, now, message)));
        last.conditions().stream()
                .filter(condition -> !condition.type().equals(READY))
                .forEach(conditions::add);
        return new ServiceDeploymentStatus(
                last.observedGeneration(),
                conditions,
                last.url(),
                last.summary(),
                last.replicas(),
                last.readyReplicas(),
                last.currentRevision(),
                last.updateRevision(),
                last.lastVerifiedRevision(),
                last.failed(),
                last.target(),
                last.lightsail(),
                last.ec2(),
                last.hosts(),
                last.foreign(),
                last.rollout(),
                last.operation(),
                last.automaticActs(),
                last.checks(),
                last.history(),
                last.plan(),
                last.planHash(),
                last.estimatedMonthlyCostUsd(),
                last.handled());
    }

    private static Instant since(Condition ready, Instant now) {
        return ready.status() == ConditionStatus.Unknown ? ready.lastTransitionTime() : now;
    }

    private static Condition unknown(@Nullable Long generation, Instant since, String message) {
        return new Condition(READY, ConditionStatus.Unknown, generation, since, Reason.NotObserved.name(), message);
    }
}
