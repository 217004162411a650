package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** The answer of sts:GetCallerIdentity. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AccountIdentity(
        @JsonPropertyDescription("The account.") @Size(max = 12) @Pattern("^[0-9]{12}$") @Nullable
        String accountId,

        @JsonPropertyDescription("The identity's ARN.") @Size(max = 2048) @Nullable
        String arn) {}
