package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What readers see of an account. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AwsAccountStatus(
        @JsonPropertyDescription(
                "The newest generation of the spec that this status tells about; -1 until it was seen at all.")
        @Min(-1)
        @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("Ready, IdentityVerified, PermissionsVerified, Reachable, AutomationAllowed, InUse.")
        @Size(max = 16)
        @MapList("type")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<Condition> conditions,

        @JsonPropertyDescription("Who AWS says that we are.") @Nullable
        AccountIdentity identity,

        @JsonPropertyDescription("How many ServiceDeployments use the account.") @Min(0) @Nullable
        Integer services,

        @JsonPropertyDescription(
                "What counts against spending.maxMonthlyUsd, in US dollars per month: the list price of every container service with this cluster's tag in all allowedRegions, without traffic, disabled and released ones too. Not set while a price is not known.")
        @Size(max = 32)
        @Nullable
        String estimatedMonthlyCostUsd) {

    public AwsAccountStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }
}
