package dev.lightkeeper.observe;

import dev.lightkeeper.api.v1alpha1.HostCommandStatus;
import dev.lightkeeper.api.v1alpha1.TargetStatus;
import dev.lightkeeper.desired.DesiredState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What to look at, and how well.
 *
 * @param desired names the account, the region and the service
 * @param pinned where the service was first found, null before first contact: nothing is looked at anywhere else
 * @param changedAfter a list entry read before this moment is out of date for this service (our last mutation), null when
 *     nothing was changed yet
 * @param deployments whether the list of deployments is needed
 * @param storedImages whether the list of stored images is needed
 * @param imagesOfTarget whether it is to be told if an image is gone that is not declared but may be gone back to
 * @param command what was sent to hosts and has not ended, null when nothing was
 */
public record Look(
        DesiredState desired,
        @Nullable TargetStatus pinned,
        @Nullable Instant changedAfter,
        boolean deployments,
        boolean storedImages,
        boolean imagesOfTarget,
        @Nullable HostCommandStatus command) {
    /** A look while no host is at work. */
    public Look(
            DesiredState desired,
            @Nullable TargetStatus pinned,
            @Nullable Instant changedAfter,
            boolean deployments,
            boolean storedImages,
            boolean imagesOfTarget) {
        this(desired, pinned, changedAfter, deployments, storedImages, imagesOfTarget, null);
    }

    /** A look that is about declared images only. */
    public Look(
            DesiredState desired,
            @Nullable TargetStatus pinned,
            @Nullable Instant changedAfter,
            boolean deployments,
            boolean storedImages) {
        this(desired, pinned, changedAfter, deployments, storedImages, false);
    }

    /** The ARN of the pinned service, null before it was first seen. */
    public @Nullable String pinnedArn() {
        return pinned == null ? null : pinned.arn();
    }
}
