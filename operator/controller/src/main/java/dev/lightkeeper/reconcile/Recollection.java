package dev.lightkeeper.reconcile;

import dev.lightkeeper.act.Results;
import dev.lightkeeper.api.v1alpha1.Annotations;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.observe.Look;
import dev.lightkeeper.plan.History;
import dev.lightkeeper.plan.Memory;
import dev.lightkeeper.plan.Operations;
import dev.lightkeeper.plan.Plan;
import dev.lightkeeper.plan.RevisionRecord;
import dev.lightkeeper.verify.Verifier;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What one run knows of the runs before it: the stored status, and two times that only this process knows. Losing those
 * delays a decision and never changes one.
 */
final class Recollection {
    private final Map<String, Instant> lastSeen = new ConcurrentHashMap<>();
    private final Map<String, Instant> lastCall = new ConcurrentHashMap<>();
    private final @Nullable Instant driftHeldUntil;

    Recollection(@Nullable Instant driftHeldUntil) {
        this.driftHeldUntil = driftHeldUntil;
    }

    History history(ServiceDeployment resource, List<RevisionRecord> revisions, Verifier verifier) {
        String uid = resource.getMetadata().getUid();
        ServiceDeploymentStatus status = resource.getStatus();
        Map<String, String> requests = new HashMap<>();
        Map<String, String> annotations = resource.getMetadata().getAnnotations();
        if (annotations != null) {
            Annotations.TRIGGERS.stream()
                    .filter(annotations::containsKey)
                    .forEach(name -> requests.put(name, annotations.get(name)));
        }
        return new History(
                status,
                Memory.of(status),
                revisions,
                requests,
                lastSeen.get(uid),
                lastCall.get(uid),
                verifier.lastRound(uid),
                verifier.probes(uid),
                driftHeldUntil);
    }

    /** What has to be looked at for a resource. */
    Look look(DesiredState desired, History history) {
        Memory memory = history.memory();
        boolean deploying =
                memory.operation() != null && !memory.operation().kind().equals(Operations.CREATE);
        return new Look(
                desired,
                memory.target(),
                changedAfter(desired, memory),
                deploying || memory.rollout() != null,
                mayDeployStoredImage(desired, history));
    }

    private @Nullable Instant changedAfter(DesiredState desired, Memory memory) {
        Instant called = lastCall.get(desired.resource().uid());
        Instant started = memory.operation() == null ? null : memory.operation().startedTime();
        if (called == null || (started != null && started.isAfter(called))) {
            return started;
        }
        return called;
    }

    private static boolean mayDeployStoredImage(DesiredState desired, History history) {
        Memory memory = history.memory();
        if (desired.release() == null
                || desired.release().content().images().values().stream().noneMatch(image -> image.startsWith(":"))) {
            return false;
        }
        boolean steady = memory.rollout() == null
                && memory.failed() == null
                && memory.foreign() == null
                && history.byFingerprint(desired.release().fingerprint())
                        .filter(record -> record.number().equals(memory.currentRevision()))
                        .filter(record -> record.result() == RevisionRecord.Result.Verified)
                        .isPresent();
        return !steady;
    }

    void remember(DesiredState desired, Plan plan, Results results, Instant now) {
        String uid = desired.resource().uid();
        if (plan.observed()) {
            lastSeen.put(uid, now);
        } else {
            lastSeen.putIfAbsent(uid, now);
        }
        if (results.calledAt() != null) {
            lastCall.put(uid, results.calledAt());
        }
    }

    void forget(String uid) {
        lastSeen.remove(uid);
        lastCall.remove(uid);
    }
}
