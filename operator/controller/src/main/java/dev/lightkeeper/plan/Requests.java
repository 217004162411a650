package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.Annotations;
import dev.lightkeeper.desired.DesiredState.ResourceIdentity;
import dev.lightkeeper.observe.AccountCheck;
import dev.lightkeeper.observe.Observed;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What people ask for by annotation. A value is acted on once; it is remembered as handled. */
final class Requests {
    private static final Set<String> ONE_SHOT = Set.of(
            Annotations.RECONCILE_REQUESTED_AT,
            Annotations.FLUX_RECONCILE_REQUESTED_AT,
            Annotations.RESTART_REQUESTED_AT,
            Annotations.ROLLBACK_REQUESTED_AT,
            Annotations.RETRY_REQUESTED_AT);

    /** Those that may have to wait for AWS to be done with something else. */
    private static final Set<String> DEFERRED =
            Set.of(Annotations.RESTART_REQUESTED_AT, Annotations.ROLLBACK_REQUESTED_AT);

    private Requests() {}

    static void take(Draft draft) {
        // Nothing was ever done for a resource without a pinned account, so there is nothing to do again.
        boolean firstSeen = draft.target == null;
        for (Map.Entry<String, String> request : draft.history.requests().entrySet()) {
            String name = request.getKey();
            boolean waits = name.equals(Annotations.RETRY_REQUESTED_AT) && !firstSeen && !isSeen(draft);
            if (!ONE_SHOT.contains(name) || request.getValue().equals(draft.handled.get(name)) || waits) {
                continue;
            }
            if (firstSeen || !DEFERRED.contains(name)) {
                draft.handled.put(name, request.getValue());
            }
            if (!firstSeen) {
                switch (name) {
                    case Annotations.RETRY_REQUESTED_AT -> {
                        draft.retry = true;
                        draft.failed = null;
                        draft.foreign = null;
                        draft.automaticActs = List.of();
                    }
                    case Annotations.RESTART_REQUESTED_AT -> draft.restart = true;
                    case Annotations.ROLLBACK_REQUESTED_AT -> draft.rollback = true;
                    default -> {}
                }
            }
        }
        forgetWhatIsLeft(draft);
    }

    /** Whatever is done first: what was left for people is left no longer. */
    private static void forgetWhatIsLeft(Draft draft) {
        if (draft.retry || draft.specChanged()) {
            draft.leftChange = null;
        }
    }

    /** What is to be tried again shows only when AWS answers; a request that was handled before would be lost. */
    private static boolean isSeen(Draft draft) {
        return draft.live.account() instanceof AccountCheck.Verified
                && !(draft.live.service() instanceof Observed.Unknown);
    }

    /** The command that requests a retry. */
    static String retryCommand(ResourceIdentity resource) {
        return command(resource, Annotations.RETRY_REQUESTED_AT, "$(date +%s)");
    }

    /** The command that sets one of our annotations, under a field manager that a GitOps tool leaves alone. */
    static String command(ResourceIdentity resource, String annotation, String value) {
        return "kubectl annotate servicedeployment %s -n %s --field-manager=lightkeeper --overwrite %s=%s"
                .formatted(resource.name(), resource.namespace(), annotation, value);
    }

    /** A deferred request was started or refused: its value counts as handled from now on. */
    static void done(Draft draft, String name) {
        draft.handled.put(name, draft.history.requests().getOrDefault(name, ""));
    }
}
