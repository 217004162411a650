package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Exactly one of value and valueFrom is set. An empty value is a value. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(value = "has(self.value) != has(self.valueFrom)", message = "set exactly one of value and valueFrom")
public record EnvVar(
        @JsonPropertyDescription("Name of the variable: letters, digits and underscores, no digit first.")
        @Required
        @Size(min = 1, max = 256)
        @Pattern("^[A-Za-z_][A-Za-z0-9_]*$")
        String name,

        @JsonPropertyDescription("The value as it is; quote numbers and booleans in YAML. Never "
                + "put a secret here: it would be readable in this object.")
        @Size(max = 4096)
        @Nullable
        String value,

        @JsonPropertyDescription("Where the value comes from instead.") @Nullable
        EnvVarSource valueFrom) {}
