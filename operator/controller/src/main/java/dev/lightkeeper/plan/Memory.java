package dev.lightkeeper.plan;

import dev.lightkeeper.api.v1alpha1.FailedRevision;
import dev.lightkeeper.api.v1alpha1.ForeignDeployment;
import dev.lightkeeper.api.v1alpha1.HistoryEntry;
import dev.lightkeeper.api.v1alpha1.OperationStatus;
import dev.lightkeeper.api.v1alpha1.RolloutStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the planner remembers from run to run: the part of the status that decisions are made on. It survives a restart
 * because it is status.
 *
 * @param arn the pinned service, null before first contact
 * @param deploymentVersion the AWS version last seen ACTIVE, null before the first
 * @param activeTime when that version was first seen ACTIVE
 * @param handled annotation name to the value that was acted on
 */
public record Memory(
        @Nullable String arn,
        @Nullable String updateRevision,
        @Nullable String currentRevision,
        @Nullable String lastVerifiedRevision,
        @Nullable FailedRevision failed,
        @Nullable ForeignDeployment foreign,
        @Nullable RolloutStatus rollout,
        @Nullable OperationStatus operation,
        @Nullable Integer deploymentVersion,
        @Nullable Instant activeTime,
        List<HistoryEntry> history,
        Map<String, String> handled) {
    public Memory {
        history = List.copyOf(history);
        handled = Map.copyOf(handled);
    }
}
