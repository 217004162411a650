package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.DeletionPolicy;
import dev.lightkeeper.api.v1alpha1.HostCommandStatus;
import dev.lightkeeper.api.v1alpha1.RollKind;
import dev.lightkeeper.api.v1alpha1.RollPhase;
import dev.lightkeeper.api.v1alpha1.RollStatus;
import dev.lightkeeper.observe.AccountCheck;
import dev.lightkeeper.observe.LiveHosts;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.plan.hosts.RemovalRules;
import java.util.Objects;
import java.util.Optional;

/** The end of a resource on hosts: what runs is left running, or taken off every host. No instance is ever touched. */
final class HostDeletion {
    private HostDeletion() {}

    static void apply(Draft draft, Optional<String> elsewhere) {
        DeletionPolicy policy = draft.desired.spec().deletionPolicy();
        if (policy == DeletionPolicy.Retain || draft.roll == null) {
            DeletionRules.release(
                    draft,
                    draft.roll == null
                            ? "nothing was ever brought to a host"
                            : "the service is left running on its hosts");
        } else if (policy == null) {
            DeletionRules.blocked(
                    draft,
                    "spec.deletionPolicy has a value that this version does not know; upgrade the operator, or set deletionPolicy: Retain");
        } else if (elsewhere.isPresent()) {
            DeletionRules.blocked(
                    draft,
                    "the service cannot be taken off its hosts: %s; or set deletionPolicy: Retain"
                            .formatted(elsewhere.get()));
        } else if (!DeletionRules.mayAct(draft)) {
            DeletionRules.blocked(
                    draft,
                    "deletion waits: the resource is suspended or only observed; resume it, or set deletionPolicy: Retain");
        } else if (draft.live.account() instanceof AccountCheck.Verified && !draft.deletionAllowed) {
            DeletionRules.blocked(
                    draft,
                    "the AwsAccount does not allow deletion; set access.allowDeletion: true there, or deletionPolicy: Retain here");
        } else if (draft.live.hosts() instanceof Observed.Present<LiveHosts>(LiveHosts live)) {
            remove(draft, live);
        } else {
            DeletionRules.unanswered(draft, "AWS has not answered; the service is taken off its hosts when it does");
        }
    }

    private static void remove(Draft draft, LiveHosts live) {
        RollStatus roll = Objects.requireNonNull(draft.roll, "it was asked before");
        RemovalRules.Removal removal = RemovalRules.next(
                begun(roll), live, draft.desired.resource().uid(), draft.timings.effectVisible(), draft.now);
        draft.roll = removal.roll();
        HostCommandStatus send = removal.send();
        if (removal.done()) {
            DeletionRules.release(draft, "the service was taken off its hosts");
            return;
        }
        if (send != null) {
            draft.actions.add(new Action.CommandHosts(
                    ServiceRules.serviceName(draft), send, removal.roll(), draft.hosts, "", null));
        }
        DeletionRules.waiting(draft, "the service is being taken off its hosts");
    }

    /** What was begun before is over: whatever is outstanding is awaited, and nothing further is done of it. */
    private static RollStatus begun(RollStatus roll) {
        return roll.phase() == RollPhase.Failed
                ? roll
                : new RollStatus(
                        roll.number(),
                        roll.revision(),
                        RollKind.Scale,
                        RollPhase.Failed,
                        roll.startedTime(),
                        roll.changedTime(),
                        roll.servingNumber(),
                        roll.servingRevision(),
                        roll.commands(),
                        roll.message(),
                        null,
                        roll.command());
    }
}
