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

/**
 * A line that must appear after each start. Its time counts from the container's start, or from the start of the release
 * on its host, by the line's own timestamp.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LogMilestone(
        @JsonPropertyDescription("Name of the check, shown in status.")
        @Required
        @Size(min = 1, max = 63)
        @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
        String name,

        @ValidationRule(
                value = "''.matches(self) || !''.matches(self)",
                message = "pattern must be a valid RE2 regular expression")
        @JsonPropertyDescription("An RE2 expression that must be found in a log line.")
        @Required
        @Size(min = 1, max = 512)
        String pattern,

        @ValidationRule(
                value = "''.matches(self) || !''.matches(self)",
                message = "after must be a valid RE2 regular expression")
        @JsonPropertyDescription("An RE2 expression of a start line: each match asks for the milestone again.")
        @Size(min = 1, max = 512)
        @Nullable
        String after,

        @JsonPropertyDescription("Seconds after the start within which the line must appear. Default "
                + "120. A missing line is told 180 s later, since logs arrive late; 15 s later "
                + "where a host's own log is read.")
        @Default("120")
        @Min(1)
        @Max(3600)
        Integer withinSeconds,

        @JsonPropertyDescription("Required (default) counts; Advisory is only shown: it "
                + "never affects Ready and never causes a rollback.")
        @Default("Required")
        @Nullable
        Enforcement enforcement) {}
