package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.EcrImagePuller;
import dev.lightkeeper.api.v1alpha1.LightsailStatus;
import dev.lightkeeper.api.v1alpha1.LightsailTarget;
import dev.lightkeeper.api.v1alpha1.PublicDomainName;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.desired.DesiredState.Release;
import dev.lightkeeper.observe.LiveDeployment;
import dev.lightkeeper.observe.LiveService;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Live state against the spec, as Synced tells it. */
final class Comparison {
    private static final Set<Reason> CONTENT = Set.of(
            Reason.ImageMismatch,
            Reason.EnvironmentMismatch,
            Reason.ContentMismatch,
            Reason.EndpointMismatch,
            Reason.ServiceMissing);

    private Comparison() {}

    static void apply(Draft draft, Ownership ownership) {
        draft.compared = true;
        LiveService service = ServiceRules.service(draft);
        LightsailStatus before = draft.history.status().lightsail();
        if (before != null && before.power() != null && !before.power().equals(service.power())) {
            // Another power replaces the nodes without another version.
            draft.activeTime = null;
        }
        draft.scaleRaisedTime = scaleRaisedTime(draft, service, before);
        content(draft, service);
        capacity(draft, service);
        if (ServiceRules.isOnHosts(draft)) {
            return;
        }
        LightsailTarget target = ServiceRules.target(draft);
        if (!domains(target, service).isEmpty()) {
            draft.differences.add(
                    new Difference(Reason.DomainMismatch, "the attached domain names are not the declared ones"));
        }
        if (ecrDiffers(target, service)) {
            draft.differences.add(new Difference(
                    Reason.DomainMismatch, "private registry access (ecrImagePuller) is not as declared"));
        }
        Set<String> tags = new TreeSet<>(tags(draft, service, ownership).keySet());
        tags.addAll(Ownership.toRemove(service.tags()));
        if (!tags.isEmpty()) {
            draft.differences.add(new Difference(Reason.TagMismatch, "tags %s are not as declared".formatted(tags)));
        }
    }

    /** The tags to set. Those that nobody declared are left alone: cost allocation and AWS's own live there. */
    static Map<String, String> tags(Draft draft, LiveService service, Ownership ownership) {
        Map<String, String> set = new TreeMap<>(ownership.tags(draft.desired));
        set.entrySet().removeIf(tag -> tag.getValue().equals(service.tags().get(tag.getKey())));
        return set;
    }

    private static void content(Draft draft, LiveService service) {
        Release release = draft.desired.release();
        LiveDeployment current = service.current();
        RevisionRecord inForce = draft.history.inForce().orElse(null);
        draft.contentCompared = release != null || inForce != null;
        if (!draft.contentCompared) {
            return;
        }
        if (current == null) {
            draft.differences.add(new Difference(Reason.ContentMismatch, "nothing is deployed"));
        } else if (release == null) {
            draft.differences.addAll(InForce.differences(draft, Objects.requireNonNull(inForce), current));
        } else {
            List<Difference> named = ServiceRules.isOnHosts(draft) ? HostRolls.differences(draft, release) : List.of();
            draft.differences.addAll(
                    named.isEmpty() ? Differences.between(release.digested(), current.content()) : named);
        }
    }

    private static void capacity(Draft draft, LiveService service) {
        Release release = draft.desired.release();
        if (release != null && !service.power().equals(release.power())) {
            draft.differences.add(new Difference(
                    Reason.PowerMismatch,
                    "power is %s, declared is %s%s"
                            .formatted(
                                    service.power(),
                                    release.power(),
                                    ChangesByHand.isLeft(draft, service)
                                            ? ": changed by somebody while the service was not Ready, and left until the spec changes or a retry is requested"
                                            : "")));
        }
        int wanted = draft.desired.spec().scale();
        if (draft.scaleRaisedTime != null) {
            draft.differences.add(new Difference(
                    Reason.ScaleRaisedByHand,
                    "scale is %d, declared is %d: somebody raised it; it is lowered after a while, never while Degraded"
                            .formatted(service.scale(), wanted)));
        } else if (service.scale() != wanted) {
            draft.differences.add(new Difference(
                    Reason.ScaleMismatch, "scale is %d, declared is %d".formatted(service.scale(), wanted)));
        }
    }

    /** Since when the scale is above the declared one without any manifest that asked for it; null when it is not. */
    private static @Nullable Instant scaleRaisedTime(
            Draft draft, LiveService service, @Nullable LightsailStatus before) {
        if (service.scale() <= draft.desired.spec().scale()) {
            return null;
        }
        boolean raisedNow = before != null
                && before.scale() != null
                && before.scale() < service.scale()
                && (before.declaredScale() == null ? !draft.specChanged() : before.declaredScale() < service.scale());
        return draft.scaleRaisedTime == null && raisedNow ? draft.now : draft.scaleRaisedTime;
    }

    /** The first difference of content, if there is one. */
    static Optional<Difference> contentDifference(Draft draft) {
        return draft.differences.stream()
                .filter(difference -> isOfContent(difference.reason()))
                .findFirst();
    }

    /** Whether a reason is about what runs, rather than about how much of it or how it is reached. */
    static boolean isOfContent(Reason reason) {
        return CONTENT.contains(reason);
    }

    /** What has to be sent to bring the declared domains about; domains of undeclared certificates are left alone. */
    static Map<String, List<String>> domains(LightsailTarget target, LiveService service) {
        Map<String, List<String>> changes = new TreeMap<>();
        for (PublicDomainName declared : target.publicDomainNames()) {
            List<String> live = service.publicDomainNames().getOrDefault(declared.certificateName(), List.of());
            if (!new HashSet<>(live).equals(new HashSet<>(declared.domainNames()))) {
                changes.put(declared.certificateName(), declared.domainNames());
            }
        }
        return changes;
    }

    static boolean ecrDiffers(LightsailTarget target, LiveService service) {
        return (target.ecrImagePuller() == EcrImagePuller.Enabled) != service.ecrImagePullerActive();
    }
}
