package dev.lightkeeper.reconcile;

import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.plan.RevisionRecord;
import java.util.List;

/** One run through the six steps, as the framework's side sees it. */
@FunctionalInterface
public interface Run {
    /**
     * Remote faults are in the result; an exception is a bug.
     *
     * @param resource with the status that the last run left
     * @param revisions the oldest first
     */
    RunResult run(ServiceDeployment resource, List<RevisionRecord> revisions, Session session);
}
