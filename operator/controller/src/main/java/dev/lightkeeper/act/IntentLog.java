package dev.lightkeeper.act;

import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.plan.Action;
import dev.lightkeeper.plan.Memory;

/** Writes down what is about to be done, before it is done. */
public interface IntentLog {
    /**
     * Stores the revision of a deployment (once; its content never changes afterwards).
     *
     * @return false when it could not be stored: then nothing may be deployed
     */
    boolean storeRevision(DesiredState desired, Action.Deploy deploy);

    /**
     * Writes the intended operation into the status, under the resource version that this run has read.
     *
     * @return false when somebody else has written since or the API did not answer: then nothing may be done in this run
     */
    boolean record(Memory memory);
}
