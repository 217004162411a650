package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.DeletionPolicy;
import dev.lightkeeper.api.v1alpha1.ManagementPolicy;
import dev.lightkeeper.api.v1alpha1.OperationStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.observe.AccountCheck;
import dev.lightkeeper.observe.LiveService;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.observe.ServiceState;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The end of a resource: let the service go, or delete it. */
final class DeletionRules {
    private DeletionRules() {}

    static void apply(Draft draft, Ownership ownership) {
        Optional<String> elsewhere = notOurAccount(draft);
        draft.observed = !(draft.live.service() instanceof Observed.Unknown) && elsewhere.isEmpty();
        DeletionPolicy policy = draft.desired.spec().deletionPolicy();
        if (ServiceRules.isOnHosts(draft)) {
            HostDeletion.apply(draft, elsewhere);
        } else if (draft.desired.spec().lightsail() == null) {
            release(draft, "nothing was ever made for this resource");
        } else if (policy == DeletionPolicy.Retain) {
            retain(draft, ownership);
        } else if (policy == null) {
            blocked(
                    draft,
                    "spec.deletionPolicy has a value that this version does not know; upgrade the operator, or set deletionPolicy: Retain");
        } else if (elsewhere.isPresent()) {
            blocked(
                    draft,
                    "the service cannot be deleted: %s".formatted(elsewhere.get()) + "; or set deletionPolicy: Retain");
        } else {
            delete(draft, ownership);
        }
    }

    private static Optional<String> notOurAccount(Draft draft) {
        return switch (draft.live.account()) {
            case AccountCheck.Verified verified -> PermissionRules.moved(draft, verified);
            case AccountCheck.Refused refused -> Optional.of(refused.message());
            case AccountCheck.Unavailable ignored -> Optional.empty();
        };
    }

    /** Never waits: what cannot be marked now is let go without the mark. */
    private static void retain(Draft draft, Ownership ownership) {
        release(draft, "the service is left running and released");
        if (draft.observed && draft.service != null && mayAct(draft) && isToBeMarked(draft, draft.service, ownership)) {
            draft.actions.add(new Action.ChangeTags(
                    ServiceRules.serviceName(draft),
                    draft.service.arn(),
                    Map.of(Ownership.RELEASED_TAG, "true"),
                    Set.of(),
                    Reason.Deleting));
        }
    }

    private static boolean isToBeMarked(Draft draft, LiveService service, Ownership ownership) {
        return isOurs(draft, service, ownership)
                && service.state() != ServiceState.DELETING
                && !Ownership.isReleased(service.tags());
    }

    private static void delete(Draft draft, Ownership ownership) {
        if (draft.live.service() instanceof Observed.Absent) {
            absent(draft);
        } else if (draft.service != null && !isOurs(draft, draft.service, ownership)) {
            release(draft, "the container service does not belong to this resource and is left alone");
        } else if (!mayAct(draft)) {
            blocked(
                    draft,
                    "deletion waits: the resource is suspended or only observed; resume it, or set deletionPolicy: Retain");
        } else if (draft.live.account() instanceof AccountCheck.Verified && !draft.deletionAllowed) {
            blocked(
                    draft,
                    "the AwsAccount does not allow deletion; set access.allowDeletion: true there, or deletionPolicy: Retain here");
        } else if (draft.service == null) {
            unanswered(draft, "AWS has not answered; the service is deleted when it does");
        } else {
            deletePresent(draft, draft.service);
        }
    }

    private static void deletePresent(Draft draft, LiveService service) {
        boolean deletable = service.state().acceptsChanges() || service.state() == ServiceState.DISABLED;
        if (!deletable) {
            waiting(draft, "the container service is %s; its deletion waits for that".formatted(service.state()));
        } else {
            draft.actions.add(new Action.DeleteService(ServiceRules.serviceName(draft), service.arn()));
            waiting(draft, "the container service is being deleted");
        }
    }

    private static void absent(Draft draft) {
        OperationStatus operation = draft.operation;
        if (operation != null && operation.kind().equals(Operations.CREATE)) {
            Instant visible = Objects.requireNonNullElse(operation.startedTime(), draft.now)
                    .plus(draft.timings.effectVisible());
            if (draft.now.isBefore(visible)) {
                draft.lookAgainAt(visible);
                waiting(draft, "the container service may still appear: the call that makes it was not answered");
                return;
            }
        }
        release(draft, "the container service is gone");
    }

    static void release(Draft draft, String message) {
        draft.released = true;
        draft.find(Finding.Effect.WORKING_FALSE, Reason.Deleting, message);
    }

    static void waiting(Draft draft, String message) {
        draft.lookAgainIn(draft.timings.transitionLook());
        draft.find(Finding.Effect.WORKING_FALSE, Reason.Deleting, message);
    }

    /** What has blocked it before does so until AWS answers. */
    static void unanswered(Draft draft, String message) {
        Optional<Finding> obstacle = Optional.of(draft.history)
                .filter(history -> history.tells("Ready", Reason.DeletionBlocked))
                .filter(history -> PermissionRules.isExplained(draft))
                .flatMap(history -> history.condition("Stalled"))
                .flatMap(told -> Reason.of(told.reason())
                        .map(reason -> new Finding(Finding.Effect.STALLED, reason, told.message())));
        waiting(draft, message);
        obstacle.ifPresent(draft.findings::add);
    }

    static void blocked(Draft draft, String message) {
        draft.find(Finding.Effect.STALLED, Reason.DeletionBlocked, message);
    }

    static boolean mayAct(Draft draft) {
        return !draft.isSuspended() && draft.desired.spec().managementPolicy() == ManagementPolicy.Enforce;
    }

    private static boolean isOurs(Draft draft, LiveService service, Ownership ownership) {
        String pinned = draft.history.memory().arn();
        return ownership.of(service.tags(), draft.desired.resource()) == Ownership.Owner.OURS
                && (pinned == null || pinned.equals(service.arn()));
    }
}
