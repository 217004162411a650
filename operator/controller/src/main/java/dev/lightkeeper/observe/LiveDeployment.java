package dev.lightkeeper.observe;

import dev.lightkeeper.desired.Content;
import dev.lightkeeper.desired.DigestedContent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One version of a container service's deployment.
 *
 * @param version as AWS counts, from 1
 * @param state ACTIVATING, ACTIVE, INACTIVE, FAILED; UNRECOGNIZED is only waited on
 * @param values the same content with the values in clear, unprintable; null where nobody needs them
 * @param emptyVariables {@code container/NAME} of variables whose live value is empty
 */
public record LiveDeployment(
        int version,
        State state,
        DigestedContent content,
        @Nullable Content values,
        java.util.Set<String> emptyVariables,
        Instant createdAt) {
    public LiveDeployment {
        emptyVariables = java.util.Set.copyOf(emptyVariables);
    }

    /** AWS's states of a deployment. */
    public enum State {
        ACTIVATING,
        ACTIVE,
        INACTIVE,
        FAILED,
        UNRECOGNIZED
    }
}
