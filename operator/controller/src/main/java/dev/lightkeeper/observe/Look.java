package dev.lightkeeper.observe;

import dev.lightkeeper.desired.DesiredState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What to look at, and how well.
 *
 * @param desired names the account, the region and the service
 * @param pinnedArn the service that the status has pinned, null before first contact
 * @param changedAfter a list entry read before this moment is out of date for this service (our last mutation), null when
 *     nothing was changed yet
 * @param deployments whether the list of deployments is needed
 * @param storedImages whether the list of stored images is needed
 */
public record Look(
        DesiredState desired,
        @Nullable String pinnedArn,
        @Nullable Instant changedAfter,
        boolean deployments,
        boolean storedImages) {}
