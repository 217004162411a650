package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.FailedRevision;
import dev.lightkeeper.api.v1alpha1.OperationStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RollStatus;
import dev.lightkeeper.desired.DesiredState.Release;
import dev.lightkeeper.observe.LiveDeployment;
import dev.lightkeeper.observe.LiveService;
import dev.lightkeeper.observe.Observed;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of the operation that was started last. Nothing else is begun before that is known; a lost answer is
 * looked up, never repeated blindly.
 */
final class Settlement {
    /** How much later than our clock AWS's may run when a deployment's creation time is compared with our intent. */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(2);

    /** Times in a status have no fractions. */
    private static final Duration SECONDS_ARE_WHOLE = Duration.ofSeconds(1);

    private static final int ATTEMPTS_WITH_GROWING_DELAY = 6;

    private Settlement() {}

    /** Whether nothing is outstanding any more. */
    static boolean settle(Draft draft) {
        OperationStatus operation = draft.operation;
        if (operation == null) {
            return true;
        }
        if (!operation.kind().equals(Operations.CREATE)) {
            return settleDeployment(draft, operation);
        }
        draft.operation = null;
        return true;
    }

    /** Whether a call that left no trace yet must be given more time before it is made again. */
    static boolean waits(Draft draft) {
        OperationStatus operation = draft.operation;
        if (operation == null) {
            return false;
        }
        int attempt = operation.attempt() == null ? 1 : operation.attempt();
        Instant started = Objects.requireNonNullElse(operation.startedTime(), draft.now);
        Instant retry = started.plus(delay(draft, attempt));
        if (draft.now.isBefore(retry) && !draft.retry) {
            Standing.carryOver(draft);
            draft.lookAgainAt(retry);
            return true;
        }
        draft.attempt = attempt + 1;
        draft.operation = null;
        return false;
    }

    private static Duration delay(Draft draft, int attempt) {
        if (Standing.healsSlowly(draft)) {
            return draft.timings.slowLook();
        }
        Duration grown =
                draft.timings.mutationRetry().multipliedBy(1L << Math.min(attempt - 1, ATTEMPTS_WITH_GROWING_DELAY));
        Duration visible = draft.timings.effectVisible();
        return grown.compareTo(visible) < 0 ? visible : grown;
    }

    private static boolean settleDeployment(Draft draft, OperationStatus operation) {
        LiveService service = ServiceRules.service(draft);
        Optional<LiveDeployment> found = find(draft, operation);
        if (found.isEmpty()) {
            if (draft.live.deployments() instanceof Observed.Unknown
                    || !service.state().acceptsChanges()) {
                activating(draft);
                return false;
            }
            // What AWS refused keeps only itself waiting: nothing is to be looked up.
            return !waits(draft) || Standing.isRefused(draft);
        }
        LiveDeployment deployment = found.get();
        draft.operation = new OperationStatus(
                operation.kind(),
                operation.revision(),
                operation.attempt(),
                operation.startedTime(),
                String.valueOf(deployment.version()),
                List.of());
        return switch (deployment.state()) {
            case ACTIVE -> activated(draft, operation, deployment, service);
            case INACTIVE -> {
                draft.operation = null;
                yield true;
            }
            case FAILED -> failed(draft, operation, deployment, service);
            case ACTIVATING, UNRECOGNIZED -> {
                activating(draft);
                yield false;
            }
        };
    }

    private static Optional<LiveDeployment> find(Draft draft, OperationStatus operation) {
        List<LiveDeployment> listed =
                draft.live.deployments() instanceof Observed.Present<List<LiveDeployment>>(List<LiveDeployment> all)
                        ? all
                        : List.of();
        String version = operation.operationId();
        if (version != null) {
            return listed.stream()
                    .filter(deployment -> String.valueOf(deployment.version()).equals(version))
                    .findFirst();
        }
        Optional<RevisionRecord> revision = draft.history.byNumber(operation.revision());
        Instant notBefore =
                Objects.requireNonNullElse(operation.startedTime(), draft.now).minus(CLOCK_SKEW);
        long newerThan = draft.deploymentVersion == null ? 0 : draft.deploymentVersion;
        return listed.stream()
                .filter(deployment -> deployment.version() > newerThan)
                .filter(deployment -> !deployment.createdAt().isBefore(notBefore))
                .filter(deployment -> revision.isPresent()
                        && deployment.content().equals(revision.get().content()))
                .max(Comparator.comparingInt(LiveDeployment::version));
    }

    private static boolean activated(
            Draft draft, OperationStatus operation, LiveDeployment deployment, LiveService service) {
        LiveDeployment current = service.current();
        if (current == null || current.version() != deployment.version()) {
            activating(draft);
            return false;
        }
        String revision = Objects.requireNonNullElse(operation.revision(), "");
        draft.operation = null;
        RollbackRules.activated(draft, revision);
        draft.deploymentVersion = (long) deployment.version();
        draft.activeTime = draft.now;
        draft.marks.add(new Plan.RevisionMark(revision, null, (long) deployment.version(), null));
        draft.history
                .byNumber(revision)
                .filter(sent -> !ServiceRules.isOnHosts(draft))
                .filter(sent -> !sent.content().equals(deployment.content()))
                .ifPresent(sent -> notWhatWasSent(draft, sent, deployment));
        return true;
    }

    /** Deploying the same again would give the same again: without this, for ever. */
    private static void notWhatWasSent(Draft draft, RevisionRecord sent, LiveDeployment deployment) {
        String difference = Differences.between(sent.content(), deployment.content()).stream()
                .map(Difference::message)
                .findFirst()
                .orElse("it differs");
        String message =
                "AWS activated version %d, but it is not what was sent: %s; change the spec, or have it sent again: %s"
                        .formatted(deployment.version(), difference, Requests.retryCommand(draft.desired.resource()));
        if (RollbackRules.isRollingBack(draft)) {
            RollbackRules.couldNot(draft, message);
        } else {
            fail(draft, sent.number(), sent.declared(), Reason.VerificationFailed, message, (long)
                    deployment.version());
        }
    }

    private static void activating(Draft draft) {
        draft.lookAgainIn(draft.timings.transitionLook());
        boolean late = draft.rollout != null && Clocks.isOver(draft.rollout, draft.now);
        String obstacle = HostRolls.obstacle(draft);
        String left = HostRolls.left(draft);
        if (left != null && RollbackRules.isRollingBack(draft) && !RotationRules.isRotation(draft)) {
            RollbackRules.isLeft(draft, left, late);
        } else if (obstacle != null) {
            stands(draft, obstacle, late);
        } else if (late) {
            draft.find(
                    Finding.Effect.STALLED_UNKNOWN,
                    Reason.ProgressDeadlineExceeded,
                    ServiceRules.isOnHosts(draft)
                            ? "the hosts were not all switched over within rollout.progressDeadlineSeconds, and it goes on when it can: %s"
                                    .formatted(HostRolls.waitsFor(draft))
                            : "AWS has neither activated nor failed the deployment within rollout.progressDeadlineSeconds; it cannot be cancelled, and is watched on");
        } else {
            Convergence.announce(
                    draft,
                    Reason.Activating,
                    ServiceRules.isOnHosts(draft)
                            ? "host after host is switched over"
                            : "AWS is activating the deployment");
        }
    }

    /** It is known what the hosts lack, and by that also that what is declared does not run. */
    private static void stands(Draft draft, String obstacle, boolean late) {
        Optional<Difference> repaired = Optional.ofNullable(draft.roll)
                .filter(RollStatus::repairs)
                .flatMap(roll -> Comparison.contentDifference(draft));
        if (late) {
            draft.find(Finding.Effect.STALLED, Reason.ProgressDeadlineExceeded, obstacle);
        } else if (RollbackRules.isRollingBack(draft)) {
            RollbackRules.announce(draft, obstacle);
        } else {
            draft.find(
                    repaired.isPresent() ? Finding.Effect.WORKING_DEGRADED : Finding.Effect.WORKING_FALSE,
                    repaired.map(Difference::reason).orElse(Reason.Preflight),
                    repaired.map(difference -> difference.message() + "; ").orElse("") + obstacle);
        }
    }

    private static boolean failed(
            Draft draft, OperationStatus operation, LiveDeployment deployment, LiveService service) {
        String revision = Objects.requireNonNullElse(operation.revision(), "");
        if (operation.kind().equals(Operations.DEPLOY) && Attempts.remain(draft, revision)) {
            return isLongAgo(draft, deployment);
        }
        String serving = service.current() == null
                ? "nothing serves"
                : "version %d still serves".formatted(service.current().version());
        String message = ServiceRules.isOnHosts(draft)
                ? HostRolls.failure(draft, revision)
                : "AWS could not activate version %d (revision %s); %s. See why: aws lightsail get-container-log --service-name %s --container-name %s"
                        .formatted(
                                deployment.version(),
                                revision,
                                serving,
                                ServiceRules.serviceName(draft),
                                deployment.content().containers().firstKey());
        if (operation.kind().equals(Operations.ROTATION)) {
            RotationRules.failed(draft, message);
            return true;
        }
        if (operation.kind().equals(Operations.ROLLBACK)) {
            RollbackRules.couldNot(draft, message);
            return true;
        }
        RevisionRecord record = draft.history.byNumber(revision).orElse(null);
        if (service.current() != null && draft.lastVerifiedRevision != null) {
            draft.currentRevision = draft.lastVerifiedRevision;
        }
        fail(draft, revision, record == null ? null : record.declared(), Reason.DeploymentFailed, message, (long)
                deployment.version());
        return true;
    }

    /** Whether the next attempt can be told from this one, should its answer get lost; then it is begun. */
    private static boolean isLongAgo(Draft draft, LiveDeployment deployment) {
        Instant apart = deployment.createdAt().plus(CLOCK_SKEW).plus(SECONDS_ARE_WHOLE);
        if (draft.now.isBefore(apart)) {
            Convergence.announce(
                    draft,
                    Reason.Deploying,
                    "AWS could not activate version %d; the release is deployed again (rollout.maxAttempts)"
                            .formatted(deployment.version()));
            draft.lookAgainAt(apart);
            return false;
        }
        draft.operation = null;
        draft.rollout = Objects.requireNonNull(draft.rollout, "only a rollout has attempts")
                .again();
        return true;
    }

    /** Of a release that is kept live although it failed. Of an older one they are learned when it serves. */
    private static Map<String, String> sources(Draft draft, String revision) {
        Release release = draft.desired.release();
        return release != null && revision.equals(draft.number()) && revision.equals(draft.currentRevision)
                ? release.sourceDigests()
                : Map.of();
    }

    /** The revision is known bad: remembered until template, contract or values change. */
    static void fail(
            Draft draft,
            String revision,
            @Nullable String declared,
            Reason reason,
            String message,
            @Nullable Long version) {
        draft.failed = new FailedRevision(
                revision,
                declared == null ? null : Operations.failureKey(declared, draft.desired.contractHash()),
                sources(draft, revision),
                reason.name(),
                message);
        // What was proved on all hosts is not refuted by one of them that cannot be mended.
        if (!ServiceRules.isOnHosts(draft) || !revision.equals(draft.lastVerifiedRevision)) {
            draft.marks.add(new Plan.RevisionMark(revision, RevisionRecord.Result.Failed, version, null));
        }
        Chronicle.finished(draft, revision, dev.lightkeeper.api.v1alpha1.RevisionResult.Failed, reason, message);
        draft.operation = null;
        draft.rollout = null;
    }
}
