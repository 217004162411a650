package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.Annotations;
import dev.lightkeeper.api.v1alpha1.FailedRevision;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.desired.DesiredState.Release;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** A rollback that somebody asks for by annotation: made or refused, once. */
final class ManualRollback {
    private ManualRollback() {}

    /** Somebody asks for an older revision: it is made the one to keep, and the spec's is held. */
    static void requested(Draft draft, Release release, String revision) {
        if (draft.withheld(false).isPresent()) {
            return;
        }
        Requests.done(draft, Annotations.ROLLBACK_REQUESTED_AT);
        String wanted =
                draft.history.requests().getOrDefault(Annotations.ROLLBACK_TO, Annotations.ROLLBACK_TO_PREVIOUS);
        Optional<RevisionRecord> target =
                wanted.equals(Annotations.ROLLBACK_TO_PREVIOUS) ? previous(draft) : draft.history.byNumber(wanted);
        String refusal = target.map(record -> refusal(draft, record))
                .orElseGet(() -> wanted.equals(Annotations.ROLLBACK_TO_PREVIOUS)
                        ? "no other verified revision is known"
                        : "there is no revision \"%s\"".formatted(wanted));
        if (!refusal.isEmpty()) {
            draft.refusedRequest = "the requested rollback is not made: %s".formatted(refusal);
            return;
        }
        String number = target.orElseThrow().number();
        if (number.equals(revision)) {
            draft.failed = null;
            draft.rollout = null;
            return;
        }
        if (draft.rollout != null) {
            RolloutRules.supersede(draft, number);
        }
        draft.failed = new FailedRevision(
                revision,
                Operations.failureKey(release.declared(), draft.desired.contractHash()),
                Map.of(),
                Reason.ManualRollback.name(),
                "revision %s is held, because a rollback to revision %s was requested; change the spec, or have it deployed again: %s"
                        .formatted(revision, number, Requests.retryCommand(draft.desired.resource())));
        RollbackRules.begin(draft, number, null);
    }

    /** The newest verified revision that is another release than the one that is kept now, not the same with other values. */
    private static Optional<RevisionRecord> previous(Draft draft) {
        String kept = draft.history
                .byNumber(draft.currentRevision)
                .map(RevisionRecord::declared)
                .orElse("");
        return draft.history.revisions().stream()
                .filter(record -> record.result() == RevisionRecord.Result.Verified)
                .filter(record -> !record.declared().equals(kept))
                .max(Comparator.comparing(record -> Objects.requireNonNullElse(record.verifiedTime(), Instant.EPOCH)));
    }

    /** Why a revision may not be gone back to; empty when it may. */
    private static String refusal(Draft draft, RevisionRecord target) {
        if (target.result() == RevisionRecord.Result.Failed) {
            return "revision %s has failed".formatted(target.number());
        }
        Set<String> missing = RollbackRules.missingImages(draft, target);
        return missing.isEmpty()
                ? ""
                : "image %s of revision %s is not stored at Lightsail"
                        .formatted(String.join(", ", missing), target.number());
    }
}
