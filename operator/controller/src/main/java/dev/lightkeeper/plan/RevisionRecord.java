package dev.lightkeeper.plan;

import dev.lightkeeper.desired.Contract;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.DigestedContent;
import dev.lightkeeper.desired.Template;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A revision as stored in its ControllerRevision.
 *
 * @param number decimal, as in status
 * @param declared see {@link dev.lightkeeper.desired.DesiredState.Release}
 * @param contractHash the contract that it was verified by last; before, the one it was stored with
 * @param contract the same in full
 * @param template null where only what ran is known: of a baseline, and of what an earlier version stored
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
        @Nullable Template template,
        @Nullable Long awsVersion,
        @Nullable Result result,
        @Nullable Instant verifiedTime) {
    /** A revision of which only is known what ran. */
    public RevisionRecord(
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
        this(
                number,
                fingerprint,
                declared,
                content,
                power,
                contractHash,
                contract,
                null,
                awsVersion,
                result,
                verifiedTime);
    }

    /** Whether the spec declares something else, or another contract; values that it refers to are left out. */
    public boolean isOtherThan(DesiredState desired) {
        return !Template.of(desired.spec()).equals(template) || !contractHash.equals(desired.contractHash());
    }

    /** The end of a revision's last attempt. */
    public enum Result {
        Verified,
        Failed,
        Superseded
    }
}
