package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** Short forms for kubectl get. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Summary(
        @JsonPropertyDescription("The live image; with several containers that of the public endpoint.")
        @Size(max = 512)
        @Nullable
        String image,

        @JsonPropertyDescription("Live and wanted scale, for example 2/2.") @Size(max = 16) @Nullable
        String scale) {}
