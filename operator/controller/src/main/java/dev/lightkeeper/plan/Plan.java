package dev.lightkeeper.plan;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has to be done, and why.
 *
 * @param actions in order; the executor does the first and leaves the rest to later runs
 * @param withheld actions are to be shown, not done (suspended, Observe, Report)
 * @param findings what the conditions have to say about it, in the order found
 * @param differences live state against expected state; empty means in sync
 * @param memory what to remember if every action that is started is recorded
 * @param marks what became of revisions, to be written beside them
 * @param nextLook when to look again at the latest
 */
public record Plan(
        List<Action> actions,
        boolean withheld,
        List<Finding> findings,
        List<Difference> differences,
        Memory memory,
        List<RevisionMark> marks,
        Instant nextLook) {
    public Plan {
        actions = List.copyOf(actions);
        findings = List.copyOf(findings);
        differences = List.copyOf(differences);
        marks = List.copyOf(marks);
    }

    /** The outcome of a revision, to be recorded at its ControllerRevision. */
    public record RevisionMark(
            String revision, RevisionRecord.@Nullable Result result, @Nullable Integer awsVersion, @Nullable Instant verifiedTime) {}
}
