package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.CheckStatus;
import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RolloutPhase;
import dev.lightkeeper.api.v1alpha1.RolloutStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.desired.Problem;
import dev.lightkeeper.observe.AccountCheck;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What earlier runs left behind.
 *
 * @param status as stored
 * @param revisions every stored revision of the resource, in any order
 * @param requests our annotations on the resource, name to value
 * @param lastSeen when AWS was last observed by this process, null when it was not yet
 * @param lastCall when this process last asked AWS to change something for the resource, null when it did not yet
 * @param lastRound when this process last finished a round of probes, null when it did not yet
 * @param probes what this process saw of the checks
 * @param driftHeldUntil the operator was away: until then drift is told and not corrected. Null when it was not away
 * @param automation what may be done by itself in the resource's account
 */
public record History(
        ServiceDeploymentStatus status,
        Memory memory,
        List<RevisionRecord> revisions,
        Map<String, String> requests,
        @Nullable Instant lastSeen,
        @Nullable Instant lastCall,
        @Nullable Instant lastRound,
        ProbeRecord probes,
        @Nullable Instant driftHeldUntil,
        Automation automation) {
    public History {
        revisions = List.copyOf(revisions);
        requests = Map.copyOf(requests);
    }

    /** How much of the declared scale was live before; 0 where none was. */
    public int reachedScale() {
        Integer reached = status.lightsail() != null
                ? status.lightsail().reachedScale()
                : status.ec2() == null ? null : status.ec2().reachedScale();
        return reached == null ? 0 : reached;
    }

    /** The stored condition of that type. */
    public Optional<Condition> condition(String type) {
        return status.conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst();
    }

    /** Whether a stored condition has that status. */
    public boolean is(String type, ConditionStatus wanted) {
        return condition(type).filter(c -> c.status() == wanted).isPresent();
    }

    /** Whether a stored condition has that reason. */
    public boolean tells(String type, Reason reason) {
        return condition(type).filter(c -> c.reason().equals(reason.name())).isPresent();
    }

    /**
     * Whether such a problem is a reference that begins to be missing, although EnvironmentValid has been False for long:
     * for another reason, or in an older generation, which missed something else.
     */
    public boolean isNewlyMissing(Problem problem, long generation) {
        return condition("EnvironmentValid")
                .filter(told -> told.status() == ConditionStatus.False && problem.reason() == Reason.ReferenceNotFound)
                .filter(told -> !told.reason().equals(Reason.ReferenceNotFound.name())
                        || (!Objects.equals(told.observedGeneration(), generation)
                                && !told.message().equals(problem.message())))
                .isPresent();
    }

    /** Whether AWS denied something. Only another answer of AWS takes that back; its silence says nothing. */
    public boolean wasDenied() {
        return accountFault().filter(Reason.AccessDenied.name()::equals).isPresent();
    }

    /** Whether something else was wrong with the account, and its check now says that it is right. */
    public boolean isRightAgain(AccountCheck account) {
        return account instanceof AccountCheck.Verified && accountWasWrong() && !wasDenied();
    }

    /** Whether anything was wrong with the account. */
    public boolean accountWasWrong() {
        return accountFault().isPresent();
    }

    private Optional<String> accountFault() {
        return condition("AccountVerified")
                .filter(told -> told.status() == ConditionStatus.False)
                .map(Condition::reason);
    }

    /** The checks of the run before. */
    public List<CheckStatus> checks() {
        return status.checks();
    }

    /** The stored revision with that fingerprint. */
    public Optional<RevisionRecord> byFingerprint(String fingerprint) {
        return revisions.stream()
                .filter(revision -> revision.fingerprint().equals(fingerprint))
                .findFirst();
    }

    /** The number under which a release is or will be recorded. */
    public String numberOf(String fingerprint) {
        return byFingerprint(fingerprint).map(RevisionRecord::number).orElseGet(() -> String.valueOf(nextNumber()));
    }

    /** The revision that has to serve while nothing is known of the spec's release; empty where something is on its way. */
    public Optional<RevisionRecord> inForce() {
        RolloutStatus rollout = memory.rollout();
        boolean settled =
                rollout == null || rollout.phase() == RolloutPhase.Baking || rollout.phase() == RolloutPhase.Preflight;
        return settled ? byNumber(memory.currentRevision()) : Optional.empty();
    }

    /** The number of the next revision that is recorded. */
    long nextNumber() {
        return revisions.stream()
                        .map(RevisionRecord::number)
                        .filter(number -> number.chars().allMatch(Character::isDigit))
                        .mapToLong(Long::parseLong)
                        .max()
                        .orElse(0)
                + 1;
    }

    /** The stored revision with that number. */
    public Optional<RevisionRecord> byNumber(@Nullable String number) {
        return revisions.stream()
                .filter(revision -> revision.number().equals(number))
                .findFirst();
    }
}
