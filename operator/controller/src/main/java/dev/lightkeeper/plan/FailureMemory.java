package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.FailedRevision;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.desired.DesiredState.Release;

/** How a remembered failure ends, by the reason it is remembered with. A request for a retry ends every one. */
final class FailureMemory {
    private FailureMemory() {}

    /** Another release, or another contract for it, is another matter. */
    static void forgetOutdated(Draft draft, Release release) {
        FailedRevision failed = draft.failed;
        if (failed != null
                && !is(failed, Reason.TooManyFailures)
                && !Operations.failureKey(release.declared(), draft.desired.contractHash())
                        .equals(failed.fingerprint())) {
            draft.failed = null;
        }
    }

    /** Whether it ends when what is declared serves and passes all its checks. */
    static boolean endsByProof(FailedRevision failed) {
        return !is(failed, Reason.TooManyFailures);
    }

    /** Whether it says that drift was left to people, rather than that a release is bad. */
    static boolean leavesDrift(Draft draft) {
        FailedRevision failed = draft.failed;
        return failed != null && (is(failed, Reason.DriftReturned) || is(failed, Reason.TooManyFailures));
    }

    private static boolean is(FailedRevision failed, Reason reason) {
        return reason.name().equals(failed.reason());
    }
}
