package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** All parameters directly below a path; the last part of each name becomes the variable's name. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SsmPathSource(
        @JsonPropertyDescription("The path, beginning with a slash, for example /production/api/.")
        @Required
        @Size(min = 1, max = 1011)
        @Pattern("^/([A-Za-z0-9_.-]+/)*[A-Za-z0-9_.-]*$")
        String path) {}
