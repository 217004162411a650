package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.DeletionPolicy;
import dev.lightkeeper.api.v1alpha1.ManagementPolicy;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.observe.AccountCheck;
import dev.lightkeeper.observe.LiveService;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.observe.ServiceState;
import java.util.Map;
import java.util.Set;

/** The end of a resource: let the service go, or delete it. */
final class DeletionRules {
    private DeletionRules() {}

    static void apply(Draft draft, Ownership ownership) {
        draft.observed = !(draft.live.service() instanceof Observed.Unknown);
        draft.lookAgainIn(draft.timings.transitionLook());
        if (draft.desired.spec().lightsail() == null) {
            draft.released = true;
            draft.find(Finding.Effect.WORKING_FALSE, Reason.Deleting, "nothing was ever made for this resource");
        } else if (draft.desired.spec().deletionPolicy() == DeletionPolicy.Delete) {
            delete(draft, ownership);
        } else {
            retain(draft, ownership);
        }
    }

    private static void retain(Draft draft, Ownership ownership) {
        draft.released = true;
        draft.find(Finding.Effect.WORKING_FALSE, Reason.Deleting, "the service is left running and released");
        if (draft.live.service() instanceof Observed.Present<LiveService>(LiveService service)
                && isOurs(draft, service, ownership)
                && draft.desired.spec().managementPolicy() == ManagementPolicy.Enforce) {
            draft.actions.add(new Action.ChangeTags(
                    ServiceRules.serviceName(draft),
                    service.arn(),
                    Map.of(Ownership.RELEASED_TAG, "true"),
                    Set.of(),
                    Reason.Deleting));
        }
    }

    private static void delete(Draft draft, Ownership ownership) {
        switch (draft.live.service()) {
            case Observed.Absent<LiveService> ignored -> {
                draft.released = true;
                draft.find(Finding.Effect.WORKING_FALSE, Reason.Deleting, "the container service is gone");
            }
            case Observed.Unknown<LiveService> ignored -> unknown(draft);
            case Observed.Present<LiveService>(LiveService service) -> deletePresent(draft, service, ownership);
        }
    }

    private static void deletePresent(Draft draft, LiveService service, Ownership ownership) {
        if (!isOurs(draft, service, ownership)) {
            draft.released = true;
            draft.find(
                    Finding.Effect.WORKING_FALSE,
                    Reason.Deleting,
                    "the container service does not belong to this resource and is left alone");
        } else if (draft.isSuspended() || draft.desired.spec().managementPolicy() != ManagementPolicy.Enforce) {
            blocked(
                    draft,
                    "deletion waits: the resource is suspended or only observed; resume it, or set deletionPolicy: Retain");
        } else if (!draft.deletionAllowed) {
            blocked(
                    draft,
                    "the AwsAccount does not allow deletion; set access.allowDeletion: true there, or deletionPolicy: Retain here");
        } else if (service.state().acceptsChanges() || service.state() == ServiceState.DISABLED) {
            draft.actions.add(new Action.DeleteService(ServiceRules.serviceName(draft), service.arn()));
            draft.find(Finding.Effect.WORKING_FALSE, Reason.Deleting, "the container service is being deleted");
        } else {
            draft.find(
                    Finding.Effect.WORKING_FALSE,
                    Reason.Deleting,
                    "the container service is %s; its deletion waits for that".formatted(service.state()));
        }
    }

    private static void unknown(Draft draft) {
        if (draft.live.account() instanceof AccountCheck.Refused refused) {
            blocked(draft, "the service cannot be deleted: %s".formatted(refused.message()));
        } else {
            draft.find(
                    Finding.Effect.WORKING_FALSE,
                    Reason.Deleting,
                    "AWS has not answered; the service is deleted when it does");
        }
    }

    private static void blocked(Draft draft, String message) {
        draft.find(Finding.Effect.STALLED, Reason.DeletionBlocked, message);
    }

    private static boolean isOurs(Draft draft, LiveService service, Ownership ownership) {
        String pinned = draft.history.memory().arn();
        return ownership.of(service.tags(), draft.desired.resource()) == Ownership.Owner.OURS
                && (pinned == null || pinned.equals(service.arn()));
    }
}
