package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/** How a new revision is brought out. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Rollout(
        @JsonPropertyDescription("Seconds that AWS may take to make a deployment active. Default 1800.")
        @Default("1800")
        @Min(10)
        @Max(86400)
        Integer progressDeadlineSeconds,

        @JsonPropertyDescription("Seconds of uninterrupted passing before a deployment counts as verified. Default 30.")
        @Default("30")
        @Min(0)
        @Max(3600)
        Integer minReadySeconds,

        @JsonPropertyDescription(
                "Seconds after the verification during which a failing check still causes a rollback. Default 600.")
        @Default("600")
        @Min(0)
        @Max(86400)
        Integer bakeSeconds,

        @JsonPropertyDescription("How often a revision is deployed before it counts as failed, if AWS fails it or it "
                + "does not prove itself in time. A call that AWS refuses is no attempt. Default 1.")
        @Default("1")
        @Min(1)
        @Max(5)
        Integer maxAttempts,

        @JsonPropertyDescription("Rollback (default) returns to the last verified "
                + "revision; Hold leaves the failing one live for a human.")
        @Default("Rollback")
        @Nullable
        FailureAction onFailure) {}
