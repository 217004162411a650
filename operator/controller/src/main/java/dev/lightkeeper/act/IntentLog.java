package dev.lightkeeper.act;

import dev.lightkeeper.desired.DesiredState.Release;
import dev.lightkeeper.plan.Memory;
import dev.lightkeeper.plan.Plan;

/** Writes down what is about to be done, before it is done. */
public interface IntentLog {
    /**
     * Stores a revision, once; its content never changes afterwards.
     *
     * @return false when it could not be stored: then nothing may be deployed
     */
    boolean storeRevision(String revision, Release release);

    /**
     * Stores what was found running, once, under {@link Plan.Baseline#REVISION}.
     *
     * @return false when it could not be stored: then nothing may be deployed over it
     */
    boolean storeBaseline(Plan.Baseline baseline);

    /**
     * Writes the intended operation into the status, under the resource version that this run has read.
     *
     * @return false when somebody else has written since or the API did not answer: then nothing may be done in this run
     */
    boolean writeAhead(Memory memory);
}
