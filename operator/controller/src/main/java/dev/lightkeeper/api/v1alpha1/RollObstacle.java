package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Something of the hosts or their surroundings that keeps a release from being brought there; the roll's message names it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RollObstacle(
        @JsonPropertyDescription("Since when it has been in the way.") @Nullable
        Instant since,

        @JsonPropertyDescription("When the hosts are asked again.") @Nullable
        Instant retryTime) {}
