package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/** A wrapper so that hosts can later come from a fleet, too. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Ec2Hosts(
        @JsonPropertyDescription("Which running instances of the account and region may be used.") @Required
        HostSelector select) {}
