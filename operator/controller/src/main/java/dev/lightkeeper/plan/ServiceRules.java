package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.AdoptionPolicy;
import dev.lightkeeper.api.v1alpha1.EcrImagePuller;
import dev.lightkeeper.api.v1alpha1.LightsailTarget;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.TargetStatus;
import dev.lightkeeper.observe.LiveService;
import dev.lightkeeper.observe.ServiceState;
import java.util.Objects;

/** Is the service there, is it the one we know, and is it ours? */
final class ServiceRules {
    private ServiceRules() {}

    /** Whether there is a service that may be worked on. */
    static boolean identify(Draft draft, Ownership ownership) {
        if (draft.service == null) {
            absent(draft, ownership);
            return false;
        }
        return known(draft, draft.service, ownership);
    }

    /** The service of a draft whose {@link #identify} said yes. */
    static LiveService service(Draft draft) {
        return Objects.requireNonNull(draft.service, "only a present service is worked on");
    }

    private static boolean known(Draft draft, LiveService service, Ownership ownership) {
        TargetStatus target = pinned(draft);
        String pinned = target.arn();
        if (pinned != null && !pinned.equals(service.arn()) && !draft.retry) {
            draft.find(
                    Finding.Effect.STALLED,
                    Reason.TargetReplaced,
                    "a service of this name exists, but it is not the one that was deployed to: it was deleted and made again; to take the new one: %s"
                            .formatted(Requests.retryCommand(draft.desired.resource())));
            return false;
        }
        Ownership.Owner owner = ownership.of(service.tags(), draft.desired.resource());
        boolean tagsWereTakenAway = service.arn().equals(pinned)
                && Boolean.TRUE.equals(target.owned())
                && Ownership.isUntagged(service.tags());
        if (owner == Ownership.Owner.NOBODY && !tagsWereTakenAway && !AdoptionRules.adopt(draft, service, ownership)) {
            return false;
        }
        if (owner == Ownership.Owner.OTHER) {
            draft.find(
                    Finding.Effect.STALLED,
                    Reason.AlreadyManaged,
                    "the container service is managed by %s; only one resource may own it"
                            .formatted(Ownership.describe(service.tags())));
            return false;
        }
        if (owner == Ownership.Owner.OURS) {
            draft.own(service.arn());
        }
        if (service.state() == ServiceState.DISABLED) {
            draft.find(
                    Finding.Effect.STALLED_DEGRADED,
                    Reason.ServiceDisabled,
                    "somebody disabled the service; it stays so until: aws lightsail update-container-service --service-name %s --no-is-disabled"
                            .formatted(serviceName(draft)));
            return false;
        }
        return true;
    }

    private static TargetStatus pinned(Draft draft) {
        return Objects.requireNonNull(draft.target, "a verified account pins the target");
    }

    private static void unpin(Draft draft) {
        TargetStatus target = pinned(draft);
        draft.target = new TargetStatus(target.accountId(), target.region(), null, null);
    }

    private static void absent(Draft draft, Ownership ownership) {
        draft.differences.add(new Difference(Reason.ServiceMissing, "the container service does not exist"));
        if (pinned(draft).arn() != null && !draft.retry) {
            draft.find(
                    Finding.Effect.STALLED_DEGRADED,
                    Reason.ServiceDisappeared,
                    "the container service was deleted by somebody else, with its images, history and URL; to make it again: %s"
                            .formatted(Requests.retryCommand(draft.desired.resource())));
            return;
        }
        if (draft.desired.spec().adoptionPolicy() == AdoptionPolicy.AdoptOnly) {
            draft.find(
                    Finding.Effect.STALLED,
                    Reason.ServiceMissing,
                    "the container service does not exist, and adoptionPolicy is AdoptOnly; make it, or say adoptionPolicy: AdoptOrCreate");
            return;
        }
        if (Settlement.waits(draft) || Preflight.refuses(draft)) {
            return;
        }
        LightsailTarget target = target(draft);
        Action.CreateService create = new Action.CreateService(
                target.serviceName(),
                Objects.requireNonNull(draft.desired.release()).power(),
                draft.desired.spec().scale(),
                ownership.tags(draft.desired),
                target.ecrImagePuller() == EcrImagePuller.Enabled);
        if (!SpendingRules.allows(draft, create.power(), create.scale())) {
            return;
        }
        if (draft.act(create, false)) {
            // Whatever comes of the call, the service that was deleted is looked for no longer.
            unpin(draft);
            Convergence.announce(
                    draft, Reason.CreatingService, "the container service does not exist yet; it is created");
        } else {
            draft.find(Finding.Effect.NOT_READY, Reason.ServiceMissing, "the container service does not exist");
        }
        draft.lookAgainIn(draft.timings.transitionLook());
    }

    /** Whether it runs on hosts, where nothing is a matter of domains, tags and power. */
    static boolean isOnHosts(Draft draft) {
        return draft.desired.spec().runsOnHosts();
    }

    static LightsailTarget target(Draft draft) {
        return Objects.requireNonNull(draft.desired.spec().lightsail(), "only Lightsail targets are planned");
    }

    static String serviceName(Draft draft) {
        return isOnHosts(draft)
                ? draft.desired.resource().qualifiedName()
                : target(draft).serviceName();
    }
}
