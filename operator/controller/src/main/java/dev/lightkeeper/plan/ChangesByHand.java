package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.CheckResult;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.desired.Canonical;
import dev.lightkeeper.observe.LiveService;
import java.util.TreeMap;

/**
 * What others change beside deployments and scale: more power, domains, registry access. As with a deployment of theirs, it
 * is corrected where the service was Ready before, and left otherwise, since it may be a fix. Less power never is one.
 */
final class ChangesByHand {
    private ChangesByHand() {}

    /** Whether what was found is left; decided once for each change, when it is first seen. */
    static boolean leaves(Draft draft, LiveService service) {
        if (draft.retry || draft.specChanged()) {
            return false;
        }
        if (isLeft(draft, service)) {
            return true;
        }
        // A release of ours that is under way is no incident as long as the service itself answers well.
        boolean wasReady = draft.history.is("Ready", ConditionStatus.True)
                || (!draft.memoryRolloutIsNew() && !answersBadly(draft));
        draft.leftChange = wasReady ? null : digest(service);
        return !wasReady;
    }

    private static boolean answersBadly(Draft draft) {
        return draft.history.checks().stream()
                .filter(check -> !check.ofContent())
                .anyMatch(check -> check.status() == CheckResult.Failing);
    }

    /** Whether it was decided before to leave what is found now. */
    static boolean isLeft(Draft draft, LiveService service) {
        return digest(service).equals(draft.leftChange);
    }

    private static String digest(LiveService service) {
        return Canonical.hash(
                service.power(), new TreeMap<>(service.publicDomainNames()), service.ecrImagePullerActive());
    }
}
