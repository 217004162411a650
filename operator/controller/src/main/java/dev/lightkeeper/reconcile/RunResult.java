package dev.lightkeeper.reconcile;

import dev.lightkeeper.plan.Action;
import dev.lightkeeper.plan.Plan.RevisionMark;
import dev.lightkeeper.status.Told;
import java.time.Instant;
import java.util.List;

/**
 * The end of one run.
 *
 * @param done what AWS accepted in this run
 * @param marks what became of revisions; writing one again changes nothing
 * @param nextRun when to run again if nothing happens before
 * @param released in deletion: nothing is left to be done and the finalizer may go
 * @param abandoned an intent could not be written (somebody else wrote, or the API did not answer): nothing of this run is
 *     told, the next one starts from what is stored
 */
public record RunResult(
        Told told, List<Action> done, List<RevisionMark> marks, Instant nextRun, boolean released, boolean abandoned) {
    public RunResult {
        done = List.copyOf(done);
        marks = List.copyOf(marks);
    }
}
