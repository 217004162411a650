package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The last verdict of one check. Messages hold no bodies and no log text. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CheckStatus(
        @JsonPropertyDescription("Name of the check.") @Required @Size(min = 1, max = 63)
        String name,

        @JsonPropertyDescription("Family of the check.") @Required @Nullable
        CheckType type,

        @JsonPropertyDescription("Whether it counts.") @Nullable
        Enforcement enforcement,

        @JsonPropertyDescription("Passing, Failing or Unknown.") @Required @Nullable
        CheckResult status,

        @JsonPropertyDescription("What was found and what was expected.") @Size(max = 1024) @Nullable
        String message,

        @JsonPropertyDescription(
                "AWS's version for which the verdict holds. Not set while none serves, and on a forbidden log pattern that was found before the release came, too.")
        @Min(0)
        @Nullable
        Long deploymentVersion,

        @JsonPropertyDescription("When status changed last.") @Nullable
        Instant lastTransitionTime) {
    /** Whether it is about what was deployed rather than about how that does: what fails then is drift. */
    public boolean ofContent() {
        return type == CheckType.Image || type == CheckType.Environment;
    }
}
