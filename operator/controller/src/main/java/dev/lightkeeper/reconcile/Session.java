package dev.lightkeeper.reconcile;

import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.DesiredState.Release;
import dev.lightkeeper.plan.Plan;
import dev.lightkeeper.plan.Plan.RevisionMark;
import java.util.List;

/** What one run may write before it acts. */
public interface Session {
    /**
     * Stores the revision of a deployment; again with the same content it does nothing.
     *
     * @return false when it is not stored: then nothing may be deployed
     */
    boolean storeRevision(DesiredState desired, String revision, Release release);

    /**
     * Stores what was found running before the operator took over; again it does nothing.
     *
     * @return false when it is not stored: then nothing may be deployed over it
     */
    boolean storeBaseline(DesiredState desired, Plan.Baseline baseline);

    /**
     * Writes a status with the intended operation, under the resource version that this run has read.
     *
     * @param marks what became of revisions. They are stored before the status: it builds on them, and whoever reads it does
     *     not find out the same again
     * @return false when somebody else has written since or the API did not answer: then nothing may be done in this run
     */
    boolean writeAhead(ServiceDeploymentStatus status, List<RevisionMark> marks);
}
