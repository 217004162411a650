package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** One EC2 host. A host that is gone is a fact here, never an error. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HostStatus(
        @JsonPropertyDescription("The instance.") @Required @Size(min = 1, max = 32)
        String instanceId,

        @JsonPropertyDescription("State of the instance or of its agent.") @Size(max = 64) @Nullable
        String state,

        @JsonPropertyDescription("The revision that runs there.") @Size(max = 63) @Nullable
        String revision,

        @JsonPropertyDescription("Whether that revision is verified there.") @Nullable
        Boolean ready,

        @JsonPropertyDescription("What is wrong and what next.") @Size(max = 512) @Nullable
        String message) {}
