package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * A parameter that access.parameterPaths of the AwsAccount must allow. Neither version nor label means the newest
 * version.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(value = "!has(self.version) || !has(self.label)", message = "set at most one of version and label")
public record SsmParameterSelector(
        @JsonPropertyDescription(
                "Name of the parameter, for example /production/api/DATABASE_URL. AWS allows 1011 characters.")
        @Required
        @Size(min = 1, max = 1011)
        @Pattern("^[A-Za-z0-9_./-]+$")
        String name,

        @JsonPropertyDescription("A fixed version of the parameter. Not set means the newest.") @Min(1) @Nullable
        Long version,

        @JsonPropertyDescription(
                "A label of the parameter instead of a version; it cannot begin with a digit (AWS's rule).")
        @Size(min = 1, max = 100)
        @Pattern("^[A-Za-z_.-][A-Za-z0-9_.-]*$")
        @Nullable
        String label,

        @JsonPropertyDescription("True leaves the variable out when the parameter is absent. Not set means false.")
        @Nullable
        Boolean optional) {}
