package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The failure memory: this content is not tried again until one of its members changes or somebody asks for it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FailedRevision(
        @JsonPropertyDescription("The revision that failed or is held.") @Required @Size(min = 1, max = 63)
        String revision,

        @JsonPropertyDescription("Digest over template, contract and ConfigMap values.") @Size(max = 128) @Nullable
        String fingerprint,

        @JsonPropertyDescription("Keyed digest of each Secret or parameter value, by container and variable.")
        @Size(max = 1000)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        Map<String, @Size(max = 128) String> sourceDigests,

        @JsonPropertyDescription("The reason that Stalled gave.")
        @Size(max = 128)
        @Pattern("^[A-Z][A-Za-z0-9]*$")
        @Nullable
        String reason,

        @JsonPropertyDescription("What happened.") @Size(max = 1024) @Nullable
        String message) {

    public FailedRevision {
        sourceDigests =
                sourceDigests == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(sourceDigests));
    }
}
