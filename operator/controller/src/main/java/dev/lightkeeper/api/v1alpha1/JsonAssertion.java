package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/**
 * A value in a JSON body. Compared with the scalar's JSON text, so that booleans, numbers and strings are all
 * written as quoted strings in YAML.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JsonAssertion(
        @JsonPropertyDescription("A JSON pointer (RFC 6901), for example /database.")
        @Required
        @Size(max = 256)
        @Pattern("^(/([^~/]|~[01])*)*$")
        String pointer,

        @JsonPropertyDescription("What the scalar's text must equal, quoted: \"up\", \"true\" or \"5\".")
        @Required
        @Size(max = 256)
        @JsonProperty("equals")
        String expected) {}
