package dev.lightkeeper.act;

import dev.lightkeeper.desired.DesiredState.Release;
import dev.lightkeeper.plan.Memory;

/** Writes down what is about to be done, before it is done. */
public interface IntentLog {
    /**
     * Stores a revision, once; its content never changes afterwards.
     *
     * @return false when it could not be stored: then nothing may be deployed
     */
    boolean storeRevision(String revision, Release release);

    /**
     * Writes the intended operation into the status, under the resource version that this run has read.
     *
     * @return false when somebody else has written since or the API did not answer: then nothing may be done in this run
     */
    boolean writeAhead(Memory memory);
}
