package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.AutomaticAct;
import dev.lightkeeper.api.v1alpha1.Ec2Status;
import dev.lightkeeper.api.v1alpha1.FailedRevision;
import dev.lightkeeper.api.v1alpha1.ForeignDeployment;
import dev.lightkeeper.api.v1alpha1.HistoryEntry;
import dev.lightkeeper.api.v1alpha1.HostStatus;
import dev.lightkeeper.api.v1alpha1.LightsailStatus;
import dev.lightkeeper.api.v1alpha1.OperationStatus;
import dev.lightkeeper.api.v1alpha1.RollKind;
import dev.lightkeeper.api.v1alpha1.RollPhase;
import dev.lightkeeper.api.v1alpha1.RollStatus;
import dev.lightkeeper.api.v1alpha1.RolloutPhase;
import dev.lightkeeper.api.v1alpha1.RolloutStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.api.v1alpha1.TargetStatus;
import dev.lightkeeper.desired.ProbeSite;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the planner remembers from run to run: the part of the status that decisions are made on. It survives a restart
 * because it is status.
 *
 * @param target the pinned account, region and service, null before first contact
 * @param served what of the manifest AWS was seen to serve
 * @param automaticActs deployments that nobody asked for at that moment, the oldest first
 * @param handled annotation name to the value that was acted on
 * @param roll over EC2 hosts, the one that is under way or the last; null before the first
 * @param hosts of a service on EC2
 */
public record Memory(
        @Nullable TargetStatus target,
        @Nullable String updateRevision,
        @Nullable String currentRevision,
        @Nullable String lastVerifiedRevision,
        @Nullable FailedRevision failed,
        @Nullable ForeignDeployment foreign,
        @Nullable RolloutStatus rollout,
        @Nullable OperationStatus operation,
        Served served,
        List<AutomaticAct> automaticActs,
        List<HistoryEntry> history,
        Map<String, String> handled,
        @Nullable RollStatus roll,
        List<HostStatus> hosts) {
    /**
     * What of the manifest AWS was seen to serve.
     *
     * @param deploymentVersion the AWS version of ours that was last seen ACTIVE, null before the first
     * @param activeTime when that version was first seen ACTIVE on the nodes that run it now, null before
     * @param scaleRaisedTime when a scale above the declared one that nobody declared was first seen, null without one
     * @param leftChange digest of what others changed and what is left, since the service was not Ready then; null without
     * @param attachmentsDigest of the domains, registry access and tags that were last live as declared, null before
     */
    public record Served(
            @Nullable Long deploymentVersion,
            @Nullable Instant activeTime,
            @Nullable Instant scaleRaisedTime,
            @Nullable String attachmentsDigest,
            @Nullable String leftChange) {
        static Served of(ServiceDeploymentStatus whole) {
            LightsailStatus status = whole.lightsail();
            Ec2Status onHosts = whole.ec2();
            if (onHosts != null) {
                return new Served(onHosts.deploymentVersion(), onHosts.activeTime(), null, null, null);
            }
            return status == null
                    ? new Served(null, null, null, null, null)
                    : new Served(
                            status.deploymentVersion(),
                            status.activeTime(),
                            status.scaleRaisedTime(),
                            status.attachmentsDigest(),
                            status.leftChange());
        }
    }

    /** As many automatic deployments are remembered, and no more are made in {@link Timings#automaticBudget()}. */
    static final int ACTS_KEPT = 10;

    public Memory {
        automaticActs = List.copyOf(automaticActs);
        history = List.copyOf(history);
        handled = Map.copyOf(handled);
        hosts = List.copyOf(hosts);
    }

    /** What a status remembers. */
    public static Memory of(ServiceDeploymentStatus status) {
        return new Memory(
                status.target(),
                status.updateRevision(),
                status.currentRevision(),
                status.lastVerifiedRevision(),
                status.failed(),
                status.foreign(),
                status.rollout(),
                status.operation(),
                Served.of(status),
                status.automaticActs(),
                status.history(),
                status.handled(),
                status.ec2() == null ? null : status.ec2().roll(),
                status.hosts());
    }

    /** The AWS version of ours that was last seen ACTIVE, null before the first. */
    public @Nullable Long deploymentVersion() {
        return served.deploymentVersion();
    }

    /** Whether, behind a load balancer, hosts that are not seen any more may still serve what was brought to them. */
    public boolean mayServeUnseen(ServiceDeploymentSpec spec) {
        return deploymentVersion() != null && new ProbeSite(spec).behindBalancer();
    }

    /** When that version was first seen ACTIVE on the nodes that run it now, null before. */
    public @Nullable Instant activeTime() {
        return served.activeTime();
    }

    /** The ARN of the pinned service, null before first contact. */
    public @Nullable String arn() {
        return target == null ? null : target.arn();
    }

    /** Whether a release is on its way that is not live yet, so that what is live may differ from it. Not for repairs. */
    public boolean isDeploying() {
        boolean repairs = operation != null && operation.kind().equals(Operations.REPAIR);
        if (rollout != null && rollout.phase() == RolloutPhase.RollingBack) {
            return operation != null;
        }
        return rollout != null
                && rollout.phase() != RolloutPhase.Capacity
                && rollout.phase() != RolloutPhase.Verifying
                && rollout.phase() != RolloutPhase.Baking
                && !repairs;
    }

    /** Whether what serves has to prove itself now: a new release, or an older one that was brought back. */
    public boolean isVerifying() {
        return rollout != null
                && (rollout.phase() == RolloutPhase.Verifying
                        || (rollout.phase() == RolloutPhase.RollingBack && operation == null));
    }

    /** Whether an older revision is kept live, while the spec's is failed or held. */
    public boolean keepsOlder() {
        return failed != null && currentRevision != null && !currentRevision.equals(updateRevision);
    }

    /**
     * The older revision that serves while the spec's is failed or held, or is still being brought to hosts; null where the
     * spec's own does, or nothing.
     */
    public @Nullable String olderServing() {
        if (keepsOlder()) {
            return currentRevision;
        }
        if (roll == null || roll.phase() == RollPhase.Live || roll.kind() == RollKind.Scale) {
            return null;
        }
        String served = roll.servingRevision();
        return Arrays.asList(roll.revision(), updateRevision).contains(served) ? null : served;
    }

    /** The revision that the hosts which a roll has changed have to prove; null while there is no roll. */
    public @Nullable String rolledRevision() {
        return roll == null || !roll.goesOn()
                ? null
                : roll.phase() == RollPhase.TakingBack ? roll.servingRevision() : roll.revision();
    }

    /**
     * The revision by whose stored contract hosts in a roll are judged; null where the spec's own contract judges them, or
     * nothing is rolled.
     */
    public @Nullable String rolledOlder() {
        String revision = rolledRevision();
        return revision == null || revision.equals(updateRevision) ? null : revision;
    }

    /** The same memory with another operation. */
    public Memory withOperation(@Nullable OperationStatus started) {
        return with(failed, rollout, started);
    }

    /** The same memory with another rollout. */
    public Memory withRollout(@Nullable RolloutStatus progress) {
        return with(failed, progress, operation);
    }

    /** The same memory after a revision was found bad: its rollout and operation are over. */
    public Memory withFailed(FailedRevision failure) {
        return with(failure, null, null);
    }

    private Memory with(
            @Nullable FailedRevision failure, @Nullable RolloutStatus progress, @Nullable OperationStatus started) {
        return new Memory(
                target,
                updateRevision,
                currentRevision,
                lastVerifiedRevision,
                failure,
                foreign,
                progress,
                started,
                served,
                automaticActs,
                history,
                handled,
                roll,
                hosts);
    }

    /** The same memory with a pinned target. */
    public Memory withTarget(TargetStatus pinned) {
        return new Memory(
                pinned,
                updateRevision,
                currentRevision,
                lastVerifiedRevision,
                failed,
                foreign,
                rollout,
                operation,
                served,
                automaticActs,
                history,
                handled,
                roll,
                hosts);
    }

    /** The same memory with another roll over hosts. */
    public Memory withRoll(RollStatus begun, List<HostStatus> known) {
        return new Memory(
                target,
                updateRevision,
                currentRevision,
                lastVerifiedRevision,
                failed,
                foreign,
                rollout,
                operation,
                served,
                automaticActs,
                history,
                handled,
                begun,
                known);
    }

    /** The same memory with one more automatic deployment; of all, the newest {@value #ACTS_KEPT} are kept. */
    public Memory withAutomaticAct(AutomaticAct act) {
        List<AutomaticAct> acts = new ArrayList<>(automaticActs);
        acts.add(act);
        return new Memory(
                target,
                updateRevision,
                currentRevision,
                lastVerifiedRevision,
                failed,
                foreign,
                rollout,
                operation,
                served,
                acts.subList(Math.max(0, acts.size() - ACTS_KEPT), acts.size()),
                history,
                handled,
                roll,
                hosts);
    }
}
