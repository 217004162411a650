package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.EcrImagePuller;
import dev.lightkeeper.api.v1alpha1.LightsailTarget;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.desired.Canonical;
import dev.lightkeeper.observe.LiveService;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Domains, private registry access and tags: what belongs to no revision. */
final class Attachments {
    private Attachments() {}

    static void apply(Draft draft, LiveService service, Ownership ownership) {
        if (ServiceRules.isOnHosts(draft)) {
            return;
        }
        LightsailTarget target = ServiceRules.target(draft);
        String declared =
                Canonical.hash(target.publicDomainNames(), target.ecrImagePuller(), ownership.tags(draft.desired));
        // What was live once and is not now was changed by others; anything else is newly asked for.
        boolean drift = declared.equals(draft.attachmentsDigest);
        boolean accessDiffers = access(draft, service, target, drift);
        boolean tagsDiffer = tags(draft, service, ownership, drift);
        if (!accessDiffers && !tagsDiffer) {
            draft.attachmentsDigest = declared;
        }
    }

    private static boolean access(Draft draft, LiveService service, LightsailTarget target, boolean drift) {
        Map<String, List<String>> domains = Comparison.domains(target, service);
        boolean ecr = Comparison.ecrDiffers(target, service);
        if (domains.isEmpty() && !ecr) {
            return false;
        }
        Action update = new Action.UpdateAccess(
                target.serviceName(), domains, ecr ? target.ecrImagePuller() == EcrImagePuller.Enabled : null);
        if (drift && ChangesByHand.leaves(draft, service)) {
            return true;
        }
        if (draft.act(update, drift)) {
            draft.find(draft.workAside(drift), Reason.DomainMismatch, update.describe());
            draft.lookAgainIn(draft.timings.transitionLook());
        }
        return true;
    }

    private static boolean tags(Draft draft, LiveService service, Ownership ownership, boolean drift) {
        Map<String, String> set = Comparison.tags(draft, service, ownership);
        Set<String> remove = Ownership.toRemove(service.tags());
        if (set.isEmpty() && remove.isEmpty()) {
            return false;
        }
        Action change =
                new Action.ChangeTags(ServiceRules.serviceName(draft), service.arn(), set, remove, Reason.TagMismatch);
        if (draft.act(change, drift)) {
            draft.find(draft.workAside(drift), Reason.TagMismatch, change.describe());
        }
        return true;
    }
}
