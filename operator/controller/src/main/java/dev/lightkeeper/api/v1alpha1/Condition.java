package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** metav1.Condition. lastTransitionTime moves only when status moves. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Condition(
        @JsonPropertyDescription("What is told, for example Ready.")
        @Required
        @Size(min = 1, max = 128)
        @Pattern("^[A-Z][A-Za-z0-9]*$")
        String type,

        @JsonPropertyDescription("True, False or Unknown.") @Required @Nullable
        ConditionStatus status,

        @JsonPropertyDescription("The generation of the spec for which this was found out.") @Min(0) @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("When status changed last.") @Required
        Instant lastTransitionTime,

        @JsonPropertyDescription("Why, in one word that is documented and meant for programs.")
        @Required
        @Size(min = 1, max = 128)
        @Pattern("^[A-Z][A-Za-z0-9]*$")
        String reason,

        @JsonPropertyDescription("What, why and what next, for people.") @Required @Size(max = 1024)
        String message) {}
