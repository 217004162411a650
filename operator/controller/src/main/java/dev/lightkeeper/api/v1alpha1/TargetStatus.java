package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** Pinned at first contact: a later mismatch means that somebody moved the target. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TargetStatus(
        @JsonPropertyDescription("The AWS account.") @Size(max = 12) @Pattern("^[0-9]{12}$") @Nullable
        String accountId,

        @JsonPropertyDescription("The AWS region.") @Size(max = 32) @Nullable
        String region,

        @JsonPropertyDescription("The ARN of the service.") @Size(max = 512) @Nullable
        String arn,

        @JsonPropertyDescription(
                "Whether the service with that ARN was seen with this resource's ownership tags, or was made by it.")
        @Nullable
        Boolean owned) {}
