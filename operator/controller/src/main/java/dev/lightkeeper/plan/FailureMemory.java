package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.FailedRevision;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.DesiredState.Release;
import dev.lightkeeper.desired.Template;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** How a remembered failure is told and how it ends, by the reason it is remembered with. A retry request ends every one. */
public final class FailureMemory {
    /** A call that was refused changed nothing, and whoever asked for a rollback got what was wanted. */
    private static final Set<Reason> HARMLESS =
            Set.of(Reason.RequestRefused, Reason.ManualRollback, Reason.UnknownValue);

    private static final int FAILED_IN_A_ROW = 3;

    private FailureMemory() {}

    /** Whether the spec's revision is failed or held for that reason. */
    static boolean is(Draft draft, Reason reason) {
        FailedRevision failed = draft.failed;
        return failed != null && reason.name().equals(failed.reason());
    }

    /** Whether what is declared is something else than what failed or is held. */
    static boolean isOutdated(Draft draft, FailedRevision failed, Release release) {
        return isOutdated(draft.desired, failed, release);
    }

    private static boolean isOutdated(DesiredState desired, FailedRevision failed, Release release) {
        return !Operations.failureKey(release.declared(), desired.contractHash())
                .equals(failed.fingerprint());
    }

    /**
     * Whether it says nothing of what is declared now, which is known to be something else that was not tried yet. It may be
     * declared again before it is forgotten.
     */
    public static boolean isOfAnother(DesiredState desired, History history, FailedRevision failed) {
        Release release = desired.release();
        return !Reason.TooManyFailures.name().equals(failed.reason())
                && (release == null
                        ? isOfAnotherTemplate(desired, history, failed)
                        : isOutdated(desired, failed, release));
    }

    /** The same while no release can be made of what is declared; a template that is not known says nothing. */
    private static boolean isOfAnotherTemplate(DesiredState desired, History history, FailedRevision failed) {
        Optional<String> key = Optional.ofNullable(failed.fingerprint());
        Optional<Template> template =
                history.byNumber(failed.revision()).flatMap(record -> Optional.ofNullable(record.template()));
        return key.filter(known -> !known.endsWith(Operations.failureKey("", desired.contractHash())))
                        .isPresent()
                || template.filter(known -> !known.equals(Template.of(desired.spec())))
                        .isPresent();
    }

    /**
     * Another release, or another contract for it, is another matter; but not when one after the other has failed. What
     * needs no deployment is never withheld.
     */
    static void forgetOutdated(Draft draft, Release release) {
        FailedRevision failed = draft.failed;
        String key = Operations.failureKey(release.declared(), draft.desired.contractHash());
        if (failed == null) {
            return;
        }
        if (!isOutdated(draft, failed, release)) {
            draft.failed = isRotated(draft, failed, release) ? null : failed;
            return;
        }
        boolean serves = Comparison.contentDifference(draft).isEmpty();
        if (endsByItself(draft)) {
            List<String> row = Chronicle.failedInARow(draft);
            if (row.size() < FAILED_IN_A_ROW || serves) {
                draft.failed = null;
            } else if (!RollbackRules.isRollingBack(draft)) {
                draft.failed = tooMany(draft, row, key);
            }
        } else if (serves && !failed.revision().equals(draft.currentRevision)) {
            draft.failed = null;
        }
    }

    /** A release that failed and serves all the same is what a rotated value is meant for. */
    private static boolean isRotated(Draft draft, FailedRevision failed, Release release) {
        return !failed.sourceDigests().isEmpty()
                && failed.revision().equals(draft.currentRevision)
                && !failed.sourceDigests().equals(release.sourceDigests());
    }

    private static FailedRevision tooMany(Draft draft, List<String> row, String key) {
        return new FailedRevision(
                draft.number(),
                key,
                Map.of(),
                Reason.TooManyFailures.name(),
                "revisions %s failed one after the other, so nothing further is deployed. Find out what they have in common, then have the manifest deployed: %s"
                        .formatted(
                                String.join(", ", row.subList(row.size() - FAILED_IN_A_ROW, row.size())),
                                Requests.retryCommand(draft.desired.resource())));
    }

    /** Whether it ends without a request, too: when what is declared changes, or serves and passes all its checks. */
    static boolean endsByItself(Draft draft) {
        return !is(draft, Reason.TooManyFailures);
    }

    /** Whether it says that drift was left to people, rather than that a release is bad. */
    static boolean leavesDrift(Draft draft) {
        return is(draft, Reason.DriftReturned) || is(draft, Reason.TooManyFailures);
    }

    /** What the conditions have to say about it. */
    static Finding finding(FailedRevision failed) {
        // Another version of the operator may have remembered what this one does not know.
        Reason reason = Reason.of(failed.reason()).orElse(Reason.UnknownValue);
        return new Finding(
                HARMLESS.contains(reason) ? Finding.Effect.STALLED : Finding.Effect.STALLED_DEGRADED,
                reason,
                Objects.requireNonNullElse(failed.message(), "the revision has failed"));
    }
}
