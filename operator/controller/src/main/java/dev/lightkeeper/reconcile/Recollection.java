package dev.lightkeeper.reconcile;

import dev.lightkeeper.act.Results;
import dev.lightkeeper.api.v1alpha1.Annotations;
import dev.lightkeeper.api.v1alpha1.RolloutPhase;
import dev.lightkeeper.api.v1alpha1.RolloutStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.DesiredState.Release;
import dev.lightkeeper.observe.Look;
import dev.lightkeeper.plan.History;
import dev.lightkeeper.plan.Memory;
import dev.lightkeeper.plan.Operations;
import dev.lightkeeper.plan.Plan;
import dev.lightkeeper.plan.RevisionRecord;
import dev.lightkeeper.verify.Verdict;
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
    private final Breaker breaker;

    Recollection(@Nullable Instant driftHeldUntil, Breaker breaker) {
        this.driftHeldUntil = driftHeldUntil;
        this.breaker = breaker;
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
                driftHeldUntil,
                breaker.automation(resource.getSpec(), status));
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
                mayDeployStoredImage(desired, history),
                history.byNumber(memory.lastVerifiedRevision())
                        .filter(Recollection::usesStoredImages)
                        .isPresent(),
                memory.roll() == null ? null : memory.roll().command());
    }

    private @Nullable Instant changedAfter(DesiredState desired, Memory memory) {
        if (memory.roll() != null) {
            return memory.roll().changedTime();
        }
        Instant called = lastCall.get(desired.resource().uid());
        Instant started = memory.operation() == null ? null : memory.operation().startedTime();
        if (called == null || (started != null && started.isAfter(called))) {
            return started;
        }
        return called;
    }

    private static boolean mayDeployStoredImage(DesiredState desired, History history) {
        Memory memory = history.memory();
        Release release = desired.release();
        boolean stored = history.revisions().stream().anyMatch(Recollection::usesStoredImages)
                || (release != null && release.digested().images().stream().anyMatch(image -> image.startsWith(":")));
        if (!stored || (release == null && memory.rollout() == null)) {
            return false;
        }
        boolean steady = release != null
                && memory.rollout() == null
                && memory.failed() == null
                && memory.foreign() == null
                && !isRollbackRequested(history)
                && history.byFingerprint(release.fingerprint())
                        .filter(record -> record.number().equals(memory.currentRevision()))
                        .filter(record -> record.result() == RevisionRecord.Result.Verified)
                        .isPresent();
        return !steady;
    }

    private static boolean usesStoredImages(RevisionRecord record) {
        return record.content().images().stream().anyMatch(image -> image.startsWith(":"));
    }

    private static boolean isRollbackRequested(History history) {
        String requested = history.requests().get(Annotations.ROLLBACK_REQUESTED_AT);
        return requested != null
                && !requested.equals(history.memory().handled().get(Annotations.ROLLBACK_REQUESTED_AT));
    }

    void remember(DesiredState desired, Plan plan, Results results, Verdict verdict, History history, Instant now) {
        String uid = desired.resource().uid();
        if (plan.observed()) {
            lastSeen.put(uid, now);
        } else {
            lastSeen.putIfAbsent(uid, now);
        }
        if (!desired.absent()) {
            tellBreaker(desired, results.memory(), verdict, history);
        }
        if (results.calledAt() != null) {
            lastCall.put(uid, results.calledAt());
        }
    }

    private void tellBreaker(DesiredState desired, Memory memory, Verdict verdict, History history) {
        RolloutStatus rollout = memory.rollout();
        boolean inRollout = rollout != null && rollout.phase() != RolloutPhase.Preflight;
        breaker.seen(desired.spec(), desired.resource().uid(), inRollout, history.checks(), verdict.checks());
    }

    void forget(String uid) {
        breaker.forget(uid);
        lastSeen.remove(uid);
        lastCall.remove(uid);
    }
}
