package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Names a cluster-scoped AwsAccount. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AccountRef(
        @ValidationRule(
                value = "self == oldSelf",
                message = "spec.accountRef is immutable: a service cannot move to "
                        + "another account; create another ServiceDeployment")
        @JsonPropertyDescription("Name of the AwsAccount.")
        @Required
        @Size(min = 1, max = 253)
        @Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")
        String name) {}
