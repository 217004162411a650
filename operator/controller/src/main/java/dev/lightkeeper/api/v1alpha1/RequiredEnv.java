package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** One variable of the code's contract. Patterns are RE2, unanchored; never shown with the value. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RequiredEnv(
        @JsonPropertyDescription("Name of the variable that must be set, resolvable and not empty.")
        @Required
        @Size(min = 1, max = 256)
        @Pattern("^[A-Za-z_][A-Za-z0-9_]*$")
        String name,

        @ValidationRule(
                value = "''.matches(self) || !''.matches(self)",
                message = "pattern must be a valid RE2 regular expression")
        @JsonPropertyDescription("An RE2 expression that must be found in the value; use ^ and $ to match it whole.")
        @Size(min = 1, max = 256)
        @Nullable
        String pattern,

        @ValidationRule(
                value = "''.matches(self) || !''.matches(self)",
                message = "notPattern must be a valid RE2 regular expression")
        @JsonPropertyDescription("An RE2 expression that must not be found in the value.")
        @Size(min = 1, max = 256)
        @Nullable
        String notPattern) {}
