package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** A line that must not appear. Counted from two minutes after the deployment became active. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ForbiddenLogPattern(
        @JsonPropertyDescription("Name of the check, shown in status.")
        @Required
        @Size(min = 1, max = 63)
        @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
        String name,

        @ValidationRule(
                value = "''.matches(self) || !''.matches(self)",
                message = "pattern must be a valid RE2 regular expression")
        @JsonPropertyDescription("An RE2 expression that must not be found in log lines.")
        @Required
        @Size(min = 1, max = 512)
        String pattern,

        @JsonPropertyDescription("How many matches within windowSeconds are tolerated. Default 0.")
        @Default("0")
        @Min(0)
        @Max(1000)
        Integer maxMatches,

        @JsonPropertyDescription("The length in seconds of the window in which matches are counted. Default 300.")
        @Default("300")
        @Min(10)
        @Max(3600)
        Integer windowSeconds,

        @JsonPropertyDescription("Required (default) counts; Advisory is only shown: it "
                + "never affects Ready and never causes a rollback.")
        @Default("Required")
        @Nullable
        Enforcement enforcement) {}
