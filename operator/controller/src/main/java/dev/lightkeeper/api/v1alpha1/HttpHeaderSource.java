package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/** Where a header's value comes from. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HttpHeaderSource(
        @JsonPropertyDescription("A key of a Secret in the same namespace.") @Required
        SecretKeySelector secretKeyRef) {}
