package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A response header that must be there and match. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HeaderAssertion(
        @JsonPropertyDescription("Name of the header; case does not matter.")
        @Required
        @Size(min = 1, max = 128)
        @Pattern("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")
        String name,

        @ValidationRule(
                value = "''.matches(self) || !''.matches(self)",
                message = "pattern must be a valid RE2 regular expression")
        @JsonPropertyDescription("An RE2 expression that must be found in the header's value.")
        @Required
        @Size(min = 1, max = 256)
        String pattern) {}
