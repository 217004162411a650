package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** A request header. Exactly one of value and valueFrom is set. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(value = "has(self.value) != has(self.valueFrom)", message = "set exactly one of value and valueFrom")
public record HttpHeader(
        @JsonPropertyDescription("Name of the header.")
        @Required
        @Size(min = 1, max = 128)
        @Pattern("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")
        String name,

        @JsonPropertyDescription("The value as it is, without line breaks. Never put a secret here.")
        @Size(max = 1024)
        @Pattern("^[^\\x00-\\x1f\\x7f]*$")
        @Nullable
        String value,

        @JsonPropertyDescription("Where the value comes from instead.") @Nullable
        HttpHeaderSource valueFrom) {}
