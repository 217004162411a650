package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that must hold besides readiness before a deployment counts as good. Names are unique within their
 * list.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Verification(
        @JsonPropertyDescription("Seconds from the moment the new version is active until the verdict. "
                + "Default 360. At least the largest logMilestones[].withinSeconds + 180.")
        @Default("360")
        @Min(60)
        @Max(7200)
        Integer deadlineSeconds,

        @JsonPropertyDescription(
                "How many of the first tries are paced by backoff instead of readiness.periodSeconds. Default 5.")
        @Default("5")
        @Min(0)
        @Max(50)
        Integer retries,

        @JsonPropertyDescription("The pace of the first tries.") @Default("{}")
        Backoff backoff,

        @JsonPropertyDescription("Further paths that must answer as expected, or must be absent.")
        @Size(max = 20)
        @MapList("name")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<EndpointCheck> endpoints,

        @JsonPropertyDescription("CORS preflights that must be allowed.")
        @Size(max = 20)
        @MapList("name")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<CorsCheck> cors,

        @JsonPropertyDescription("Enforce: a random path must be absent, which refuses "
                + "catch-all pages that make every check pass. Default Disabled.")
        @Default("Disabled")
        @Nullable
        RandomPathControl randomPathControl,

        @JsonPropertyDescription("Lines that must appear in the log after each start.")
        @Size(max = 20)
        @MapList("name")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<LogMilestone> logMilestones,

        @JsonPropertyDescription("Lines that must not appear in the log.")
        @Size(max = 20)
        @MapList("name")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<ForbiddenLogPattern> forbiddenLogPatterns) {

    public Verification {
        endpoints = endpoints == null ? List.of() : List.copyOf(endpoints);
        cors = cors == null ? List.of() : List.copyOf(cors);
        logMilestones = logMilestones == null ? List.of() : List.copyOf(logMilestones);
        forbiddenLogPatterns = forbiddenLogPatterns == null ? List.of() : List.copyOf(forbiddenLogPatterns);
    }
}
