package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;

/** Has no members: writing {@code ambient: {}} is the choice. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AmbientCredentials() {}
