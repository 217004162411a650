package dev.lightkeeper.plan;

import dev.lightkeeper.desired.Contract;
import dev.lightkeeper.desired.DigestedContent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A revision as stored in its ControllerRevision.
 *
 * @param number decimal, as in status
 * @param declared see {@link dev.lightkeeper.desired.DesiredState.Release}
 * @param contractHash the contract that it was verified by last; before, the one it was stored with
 * @param contract the one it was stored with
 * @param awsVersion the deployment version that last carried it, null before AWS accepted one
 * @param result what became of it, null while nobody knows
 */
public record RevisionRecord(
        String number,
        String fingerprint,
        String declared,
        DigestedContent content,
        String power,
        String contractHash,
        Contract contract,
        @Nullable Long awsVersion,
        @Nullable Result result,
        @Nullable Instant verifiedTime) {
    /** The end of a revision's last attempt. */
    public enum Result {
        Verified,
        Failed,
        Superseded
    }
}
