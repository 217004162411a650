package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** A key of a ConfigMap in the namespace of the ServiceDeployment. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConfigMapKeySelector(
        @JsonPropertyDescription("Name of the ConfigMap.")
        @Required
        @Size(min = 1, max = 253)
        @Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")
        String name,

        @JsonPropertyDescription("The key whose value is taken.")
        @Required
        @Size(min = 1, max = 253)
        @Pattern("^[-._a-zA-Z0-9]+$")
        String key,

        @JsonPropertyDescription(
                "True leaves the variable out when the ConfigMap or key is absent. Not set means false.")
        @Nullable
        Boolean optional) {}
