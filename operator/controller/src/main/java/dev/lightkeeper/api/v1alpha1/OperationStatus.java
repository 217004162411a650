package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Write-ahead intent: stored before a call that cannot be repeated, so that a lost answer is looked up instead of
 * called twice.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OperationStatus(
        @JsonPropertyDescription("The kind of mutation.")
        @Required
        @Size(min = 1, max = 64)
        @Pattern("^[A-Z][A-Za-z0-9]*$")
        String kind,

        @JsonPropertyDescription("The revision whose content is written.") @Size(max = 63) @Nullable
        String revision,

        @JsonPropertyDescription("Which attempt it is, from 1.") @Min(0) @Max(100) @Nullable
        Integer attempt,

        @JsonPropertyDescription("When the intent was written.") @Nullable
        Instant startedTime,

        @JsonPropertyDescription("Lightsail: the deployment version that AWS answered. EC2: the deterministic id "
                + "that the host remembers.")
        @Size(max = 128)
        @Nullable
        String operationId,

        @JsonPropertyDescription("EC2: the ids of SSM's commands.")
        @Size(max = 50)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<@Size(max = 64) String> commandIds) {

    public OperationStatus {
        commandIds = commandIds == null ? List.of() : List.copyOf(commandIds);
    }
}
