package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A deployment that nobody asked for at that moment; written together with the intent. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AutomaticAct(
        @JsonPropertyDescription("When it was decided.") @Required
        Instant time,

        @JsonPropertyDescription("Why it was made.") @Required @Nullable
        AutomaticActKind kind,

        @JsonPropertyDescription("The revision that was deployed.") @Size(max = 63) @Nullable
        String revision) {}
