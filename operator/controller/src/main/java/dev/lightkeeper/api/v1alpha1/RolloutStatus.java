package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The rollout that is running. Clocks stand still while pausedTime is set. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RolloutStatus(
        @JsonPropertyDescription("The revision that is brought out.") @Size(max = 63) @Nullable
        String revision,

        @JsonPropertyDescription("How far it is.") @Nullable RolloutPhase phase,
        @JsonPropertyDescription("When it began.") @Nullable Instant startedTime,

        @JsonPropertyDescription("When the verdict of the present phase is due.") @Nullable
        Instant deadlineTime,

        @JsonPropertyDescription("Since when its clocks stand still, if they do.") @Nullable
        Instant pausedTime,

        @JsonPropertyDescription("The revision to which a rollback would go; fixed at the start.")
        @Size(max = 63)
        @Nullable
        String targetRevision,

        @JsonPropertyDescription(
                "Whether that revision served well when the rollout began; if not, there is no automatic rollback.")
        @Nullable
        ConditionStatus targetAvailable,

        @JsonPropertyDescription("Which attempt of this revision it is, from 1.") @Min(0) @Max(100) @Nullable
        Integer attempt) {
    /** The same rollout in another phase and on another clock. */
    public RolloutStatus with(@Nullable RolloutPhase now, @Nullable Instant deadline, @Nullable Instant paused) {
        return new RolloutStatus(
                revision, now, startedTime, deadline, paused, targetRevision, targetAvailable, attempt);
    }

    /** The same rollout, about to deploy the revision once more. */
    public RolloutStatus again() {
        return new RolloutStatus(
                revision,
                RolloutPhase.Deploying,
                startedTime,
                deadlineTime,
                null,
                targetRevision,
                targetAvailable,
                attempt == null ? 2 : attempt + 1);
    }
}
