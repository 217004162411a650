package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.CheckResult;
import dev.lightkeeper.api.v1alpha1.CheckStatus;
import dev.lightkeeper.api.v1alpha1.HistoryEntry;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RevisionResult;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps {@code status.history}: one entry for each declared revision, newest first. */
final class Chronicle {
    private static final int KEPT = 10;

    private Chronicle() {}

    /** The declared revisions that failed since one was verified, the oldest first. What was superseded says nothing. */
    static List<String> failedInARow(Draft draft) {
        return draft.entries.stream()
                .takeWhile(entry -> entry.result() != RevisionResult.Verified)
                .filter(entry -> entry.result() != RevisionResult.Superseded)
                .map(HistoryEntry::revision)
                .toList()
                .reversed();
    }

    static boolean isTakenBack(Draft draft, String revision) {
        return draft.entries.stream()
                .anyMatch(entry -> entry.revision().equals(revision) && entry.result() == RevisionResult.RolledBack);
    }

    static void finished(
            Draft draft, String revision, RevisionResult result, @Nullable Reason reason, @Nullable String message) {
        HistoryEntry known = draft.entries.stream()
                .filter(entry -> entry.revision().equals(revision))
                .findFirst()
                .orElse(null);
        Instant started = draft.rollout != null && revision.equals(draft.rollout.revision())
                ? draft.rollout.startedTime()
                : known == null ? null : known.startedTime();
        List<String> failing = reason == Reason.VerificationFailed
                ? draft.history.checks().stream()
                        .filter(check -> check.status() == CheckResult.Failing)
                        .map(CheckStatus::name)
                        .toList()
                : List.of();
        List<String> images = draft.history
                .byNumber(revision)
                .map(record -> record.content().images())
                .orElse(known == null ? List.of() : known.images());
        draft.entries.removeIf(entry -> entry.revision().equals(revision));
        draft.entries.addFirst(new HistoryEntry(revision, images, result, started, draft.now, failing, message));
        while (draft.entries.size() > KEPT) {
            draft.entries.removeLast();
        }
    }
}
