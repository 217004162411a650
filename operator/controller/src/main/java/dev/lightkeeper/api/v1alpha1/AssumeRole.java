package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** A role of the account in accountId. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AssumeRole(
        @JsonPropertyDescription("ARN of the role; its account must be accountId.")
        @Required
        @Size(min = 1, max = 2048)
        @Pattern("^arn:aws[a-z-]*:iam::[0-9]{12}:role/[!-~]+$")
        String roleArn,

        @JsonPropertyDescription("The external id that the role's trust policy asks for, if any.")
        @Size(min = 2, max = 1224)
        @Pattern("^[A-Za-z0-9_+=,.@:/-]+$")
        @Nullable
        String externalId) {}
