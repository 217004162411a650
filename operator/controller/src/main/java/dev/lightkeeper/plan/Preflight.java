package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.desired.Problem;
import dev.lightkeeper.observe.LiveService;
import dev.lightkeeper.observe.Observed;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What must be right before anything is touched for the spec's release. */
final class Preflight {
    private static final String ENVIRONMENT_VALID = "EnvironmentValid";

    private Preflight() {}

    /** Whether references, required variables or images forbid a rollout; says why. */
    static boolean refuses(Draft draft) {
        List<Problem> problems = draft.desired.problems();
        if (problems.isEmpty()) {
            return imagesMissing(draft);
        }
        for (Problem problem : problems) {
            tell(draft, problem);
        }
        draft.lookAgainIn(draft.timings.transitionLook());
        return true;
    }

    private static void tell(Draft draft, Problem problem) {
        boolean serves = draft.live.service() instanceof Observed.Present<LiveService>(LiveService service)
                && service.current() != null;
        if (problem.kind() == Problem.Kind.UNKNOWN) {
            boolean proved = serves
                    && !draft.specChanged()
                    && !isNotTriedYet(draft)
                    && !draft.history.is("Ready", ConditionStatus.Unknown);
            draft.find(
                    proved ? Finding.Effect.WORKING_QUIETLY : Finding.Effect.WORKING,
                    Reason.Preflight,
                    problem.message());
        } else if (problem.kind() == Problem.Kind.REFUSED) {
            draft.find(Finding.Effect.STALLED, problem.reason(), problem.message());
        } else if (problem.reason() == Reason.EnvironmentInvalid) {
            draft.find(Finding.Effect.STALLED_DEGRADED, problem.reason(), problem.message());
        } else if (graceIsOver(draft)) {
            draft.find(
                    serves ? Finding.Effect.STALLED_DEGRADED : Finding.Effect.STALLED,
                    problem.reason(),
                    problem.message());
        } else {
            draft.find(Finding.Effect.WORKING_FALSE, problem.reason(), problem.message());
        }
    }

    /** Whether what is remembered to have failed is something else. */
    private static boolean isNotTriedYet(Draft draft) {
        return Optional.ofNullable(draft.failed)
                .filter(failed -> FailureMemory.isOfAnother(draft.desired, draft.history, failed))
                .isPresent();
    }

    /** EnvironmentValid tells of the first problem since when it is so. */
    private static boolean graceIsOver(Draft draft) {
        Problem first = draft.desired.problems().getFirst();
        boolean begins =
                draft.history.isNewlyMissing(first, draft.desired.resource().generation());
        Instant since = draft.history
                .condition(ENVIRONMENT_VALID)
                .filter(condition -> !begins)
                .filter(condition -> condition.status() == ConditionStatus.False)
                .filter(condition -> condition.reason().equals(Reason.ReferenceNotFound.name()))
                .map(condition -> condition.lastTransitionTime())
                .orElse(draft.now);
        Instant end = since.plus(draft.timings.referenceGrace());
        draft.lookAgainAt(end);
        return !draft.now.isBefore(end);
    }

    /** Whether a repair has to wait for the list of stored images, or for an image that is not in it any more. */
    static boolean lacksImages(Draft draft, Reason reason, String what) {
        boolean unknown = draft.live.storedImages() instanceof Observed.Unknown && usesStoredImages(draft);
        if (unknown) {
            draft.find(Finding.Effect.WORKING_DEGRADED, reason, what + "; it is being corrected");
            draft.lookAgainIn(draft.timings.transitionLook());
        }
        return unknown || imagesMissing(draft);
    }

    private static boolean usesStoredImages(Draft draft) {
        return draft.desired.spec().containers().stream()
                .anyMatch(container -> container.image().startsWith(":"));
    }

    private static boolean imagesMissing(Draft draft) {
        Set<String> wanted = new TreeSet<>();
        draft.desired.spec().containers().forEach(container -> {
            if (container.image().startsWith(":")) {
                wanted.add(container.image());
            }
        });
        if (wanted.isEmpty() || draft.live.service() instanceof Observed.Absent) {
            return false;
        }
        return switch (draft.live.storedImages()) {
            case Observed.Present<Set<String>> present -> {
                wanted.removeAll(present.value());
                if (!wanted.isEmpty()) {
                    missing(draft, wanted);
                }
                yield !wanted.isEmpty();
            }
            case Observed.Absent<Set<String>> ignored -> false;
            case Observed.Unknown<Set<String>> unknown -> {
                draft.find(
                        Finding.Effect.WORKING,
                        Reason.Preflight,
                        "the images stored at Lightsail cannot be listed (%s); nothing is deployed until they can"
                                .formatted(unknown.failure().message()));
                draft.lookAgainIn(draft.timings.transitionLook());
                yield true;
            }
        };
    }

    private static void missing(Draft draft, Set<String> images) {
        String message =
                "image %s is not stored at Lightsail; push it: aws lightsail push-container-image --service-name %s"
                        .formatted(String.join(", ", images), ServiceRules.serviceName(draft));
        boolean late = draft.rollout != null && Clocks.isOver(draft.rollout, draft.now);
        draft.find(late ? Finding.Effect.STALLED : Finding.Effect.WORKING_FALSE, Reason.ImageNotFound, message);
        draft.lookAgainIn(draft.timings.transitionLook());
    }
}
