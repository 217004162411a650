package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.desired.Contract;
import dev.lightkeeper.desired.DigestedContent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What has to be done, and why.
 *
 * @param actions in order; the executor does the first and leaves the rest to later runs
 * @param proposed what would be done if the manifest allowed it (suspended, Observe, Report): shown, not done
 * @param observed AWS answered in this run; false: nothing may be concluded about live state
 * @param compared live state was held against the spec in this run; false: no differences mean nothing
 * @param contentCompared among that was what runs, held against the spec's release or, while nothing is known of that, against
 *     the revision in force
 * @param released nothing is left to do for a deleted resource: its finalizer may go
 * @param storeRevision the release is live without a deployment of ours: store its revision all the same
 * @param baseline what was found running at the first take-over, to be stored before it is replaced; null when nothing was
 * @param removal variables that the first deployment would take away and nobody has accepted yet; null when none
 * @param refusedRequest why a rollback that was requested is not made, null when none is refused in this run
 * @param attempt which attempt the first action is, from 1
 * @param findings what the conditions have to say about it, in the order found
 * @param differences live state against the spec; empty means in sync
 * @param drift live content against the revision that is kept live, which is an older one while the spec's is failed or held
 * @param memory what to remember; an action that is started adds its operation
 * @param marks what became of revisions, to be written beside them
 * @param nextLook when to look again at the latest
 */
public record Plan(
        List<Action> actions,
        List<Action> proposed,
        boolean observed,
        boolean compared,
        boolean contentCompared,
        boolean released,
        boolean storeRevision,
        @Nullable Baseline baseline,
        @Nullable Removal removal,
        @Nullable String refusedRequest,
        int attempt,
        List<Finding> findings,
        List<Difference> differences,
        List<Difference> drift,
        Memory memory,
        List<RevisionMark> marks,
        Instant nextLook) {
    public Plan {
        actions = List.copyOf(actions);
        proposed = List.copyOf(proposed);
        findings = List.copyOf(findings);
        differences = List.copyOf(differences);
        drift = List.copyOf(drift);
        marks = List.copyOf(marks);
    }

    /** Which host ran otherwise than declared and cannot be looked at any more, so that nothing was compared; in words. */
    public Optional<String> lostSight() {
        return findings.stream()
                .filter(finding -> !compared
                        && finding.reason() == Reason.HostUnreachable
                        && finding.effect().ready() == Finding.Readiness.UNKNOWN)
                .map(Finding::message)
                .findFirst();
    }

    /** Whether this is among what was found. */
    public boolean finds(Reason reason) {
        return findings.stream().anyMatch(finding -> finding.reason() == reason);
    }

    /** Whether something that was told before blames what runs, which this run has found to be what it ought to be. */
    public boolean refutes(Reason told) {
        boolean blamesContent = Comparison.isOfContent(told) || told == Reason.ForeignDeployment;
        return blamesContent
                && contentCompared
                && drift.stream().noneMatch(difference -> Comparison.isOfContent(difference.reason()));
    }

    /**
     * What ran when the operator took a service over.
     *
     * @param content names and digests; the values stay at AWS
     */
    public record Baseline(DigestedContent content, String power, long awsVersion) {
        /** The number that it is stored under. */
        public static final String REVISION = "baseline";
    }

    /**
     * Live variables that the manifest lacks.
     *
     * @param lines what would be removed, in words, a line for each container
     * @param hash what {@code lightkeeper.dev/accept-plan} must say to accept exactly this
     */
    public record Removal(List<String> lines, String hash) {
        public Removal {
            lines = List.copyOf(lines);
        }
    }

    /**
     * The outcome of a revision, to be recorded at its ControllerRevision; null parts stay as they are.
     *
     * @param contractHash the contract that it was verified by
     * @param contract the same in full, where it is another than the one that is stored
     */
    public record RevisionMark(
            String revision,
            RevisionRecord.@Nullable Result result,
            @Nullable Long awsVersion,
            @Nullable Instant verifiedTime,
            @Nullable String contractHash,
            @Nullable Contract contract) {
        /** A mark that says nothing of a contract. */
        public RevisionMark(
                String revision,
                RevisionRecord.@Nullable Result result,
                @Nullable Long awsVersion,
                @Nullable Instant verifiedTime) {
            this(revision, result, awsVersion, verifiedTime, null, null);
        }
    }
}
