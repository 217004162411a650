package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;

/** A deployment at AWS that this operator did not make. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ForeignDeployment(
        @JsonPropertyDescription("AWS's version number of it.") @Required @Min(0)
        Long version,

        @JsonPropertyDescription(
                "Whether the service was healthy before it came: then it is corrected, else left alone.")
        @Required
        Boolean readyBefore) {}
