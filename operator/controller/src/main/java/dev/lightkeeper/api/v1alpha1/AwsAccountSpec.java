package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which AWS account, with which credentials, for whom and with which rights. Written by the platform's
 * administrator.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.defaultRegion) || self.defaultRegion in self.allowedRegions",
        fieldPath = ".defaultRegion",
        message = "spec.defaultRegion must be one of spec.allowedRegions")
@ValidationRule(
        value = "!has(self.credentials.assumeRole) || "
                + "self.credentials.assumeRole.roleArn.contains(':iam::' + "
                + "self.accountId + ':role/')",
        fieldPath = ".credentials.assumeRole.roleArn",
        message = "the account in credentials.assumeRole.roleArn must be spec.accountId")
public record AwsAccountSpec(
        @ValidationRule(value = "self == oldSelf", message = "spec.accountId is immutable: create another AwsAccount")
        @JsonPropertyDescription("The 12 digits that sts:GetCallerIdentity must answer, "
                + "quoted; otherwise nothing is done at all. Immutable.")
        @Required
        @Size(min = 12, max = 12)
        @Pattern("^[0-9]{12}$")
        String accountId,

        @JsonPropertyDescription("The region of ServiceDeployments that name none; one of allowedRegions.")
        @Size(max = 32)
        @Pattern("^[a-z]{2}(-[a-z]+)+-[0-9]+$")
        @Nullable
        String defaultRegion,

        @JsonPropertyDescription("The regions that may be used.")
        @Required
        @Size(min = 1, max = 30)
        @SetList
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<@Size(max = 32) @Pattern("^[a-z]{2}(-[a-z]+)+-[0-9]+$") String> allowedRegions,

        @JsonPropertyDescription("How the operator signs its calls; exactly one way.") @Required
        AwsCredentials credentials,

        @JsonPropertyDescription(
                "Who may use the account and for what. Deny by default: what is not set is not allowed.")
        @Default("{}")
        AccountAccess access,

        @JsonPropertyDescription("A limit for the sum of list prices. Not set means no limit.") @Nullable
        Spending spending) {

    public AwsAccountSpec {
        allowedRegions = allowedRegions == null ? List.of() : List.copyOf(allowedRegions);
    }
}
