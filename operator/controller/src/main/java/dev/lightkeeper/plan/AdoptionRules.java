package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.AdoptionPolicy;
import dev.lightkeeper.api.v1alpha1.Annotations;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.desired.Canonical;
import dev.lightkeeper.desired.DesiredState.Release;
import dev.lightkeeper.desired.DigestedContent.DigestedContainer;
import dev.lightkeeper.observe.LiveDeployment;
import dev.lightkeeper.observe.LiveService;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A service that somebody else made: may it be taken over, and what would be lost? */
final class AdoptionRules {
    private AdoptionRules() {}

    /**
     * Takes over a service that belongs to nobody, by tagging it before anything else is done to it.
     *
     * @return whether to go on in this run: only where nothing is changed anyway, so that the rest of the plan is shown
     */
    static boolean adopt(Draft draft, LiveService service, Ownership ownership) {
        if (draft.desired.spec().adoptionPolicy() == AdoptionPolicy.CreateOnly) {
            refuse(
                    draft,
                    "the container service exists and does not belong to this resource, and adoptionPolicy is CreateOnly; choose another serviceName, or say adoptionPolicy: AdoptOrCreate to take it over");
            return false;
        }
        if (!draft.adoptionAllowed) {
            refuse(
                    draft,
                    "the container service exists and does not belong to this resource, and the AwsAccount does not allow adoption; set access.allowAdoption: true there, or choose another serviceName");
            return false;
        }
        draft.pin(service.arn());
        if (draft.withheld(false).isPresent()) {
            return true;
        }
        if (service.next() != null) {
            draft.find(
                    Finding.Effect.WORKING,
                    Reason.WaitingForTransition,
                    "the container service belongs to nobody, and somebody deploys to it; it is taken over when that has ended, so that nothing of it is lost unasked");
            draft.lookAgainIn(draft.timings.transitionLook());
            return false;
        }
        if (Preflight.refuses(draft)
                || removesUnaccepted(
                        draft, service, Objects.requireNonNull(draft.desired.release(), "it was not refused"))) {
            return false;
        }
        Action tag = new Action.ChangeTags(
                ServiceRules.serviceName(draft),
                service.arn(),
                ownership.tags(draft.desired),
                Ownership.toRemove(service.tags()),
                Reason.Adopting);
        boolean _ = draft.act(tag, false);
        draft.find(
                Finding.Effect.WORKING,
                Reason.Adopting,
                "the container service belongs to nobody and is taken over; it is tagged before anything else");
        draft.lookAgainIn(draft.timings.transitionLook());
        return false;
    }

    private static void refuse(Draft draft, String message) {
        draft.find(Finding.Effect.STALLED, Reason.AdoptionRefused, message);
    }

    /** Notes what runs before the first deployment of ours replaces it. */
    static void noteBaseline(Draft draft, LiveService service, LiveDeployment current) {
        if (isTakeOver(draft, current)
                && draft.history.byNumber(Plan.Baseline.REVISION).isEmpty()) {
            draft.baseline = new Plan.Baseline(current.content(), service.power(), current.version());
        }
    }

    /** Whether the first deployment would take variables away that nobody has given up; says which, and how to accept. */
    static boolean removesUnaccepted(Draft draft, LiveService service, Release release) {
        LiveDeployment current = service.current();
        if (current == null || !isTakeOver(draft, current)) {
            return false;
        }
        List<String> lines = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>();
        current.content().containers().forEach((name, live) -> {
            Set<String> removed = removed(live, release.digested().containers().get(name));
            if (!removed.isEmpty()) {
                lines.add("remove variables %s of container \"%s\"".formatted(String.join(", ", removed), name));
                removed.forEach(variable -> names.add(name + "/" + variable));
            }
        });
        String hash = Canonical.hash(service.arn(), current.version(), List.copyOf(names));
        if (names.isEmpty() || hash.equals(draft.history.requests().get(Annotations.ACCEPT_PLAN))) {
            return false;
        }
        draft.removal = new Plan.Removal(lines, hash);
        if (draft.withheld(false).isEmpty()) {
            draft.find(
                    Finding.Effect.STALLED,
                    Reason.AdoptionWouldRemoveEnvironment,
                    "the running service has variables that the manifest lacks (status.plan names them); add them, or accept their loss: %s"
                            .formatted(Requests.command(draft.desired.resource(), Annotations.ACCEPT_PLAN, hash)));
        }
        return true;
    }

    /** Nothing of ours was ever seen serving there; a status that was lost does not count while the revisions are left. */
    private static boolean isTakeOver(Draft draft, LiveDeployment current) {
        return draft.deploymentVersion == null
                && draft.history.revisions().stream()
                        .filter(revision -> !revision.number().equals(Plan.Baseline.REVISION))
                        .noneMatch(revision -> revision.content().equals(current.content()));
    }

    private static Set<String> removed(DigestedContainer live, @Nullable DigestedContainer wanted) {
        Set<String> names = new TreeSet<>(live.environment().keySet());
        if (wanted != null) {
            names.removeAll(wanted.environment().keySet());
        }
        return names;
    }
}
