package dev.lightkeeper.observe;

import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.TargetStatus;
import dev.lightkeeper.failure.Failure;
import org.jspecify.annotations.Nullable;

/** Whether the account, its credentials, the region and the access rules allow this resource to be worked on. */
public sealed interface AccountCheck {
    /**
     * All is right.
     *
     * @param deletionAllowed the account's access rules allow {@code deletionPolicy: Delete}
     * @param adoptionAllowed the account's access rules allow to take over a service that belongs to nobody
     */
    record Verified(String accountId, String region, boolean deletionAllowed, boolean adoptionAllowed)
            implements AccountCheck {
        /** Whether a service that was first found at {@code target} cannot be here. Null parts of a target are not known yet. */
        public boolean isElsewhereThan(@Nullable TargetStatus target) {
            return target != null
                    && target.accountId() != null
                    && target.region() != null
                    && !(accountId.equals(target.accountId()) && region.equals(target.region()));
        }
    }

    /** A known wrong: no AWS call may be made for this resource. */
    record Refused(Reason reason, String message) implements AccountCheck {}

    /** Identity could not be asked for. */
    record Unavailable(Failure failure, @Nullable String region) implements AccountCheck {}
}
