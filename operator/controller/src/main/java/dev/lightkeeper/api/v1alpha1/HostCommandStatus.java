package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command that was sent to hosts, or is about to be: written before it is sent, ended when its results are known. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HostCommandStatus(
        @JsonPropertyDescription("What the host script is told to do: inspect, prepare, activate, rollback or remove.")
        @Required
        @Size(min = 1, max = 16)
        String verb,

        @JsonPropertyDescription(
                "The id that hosts remember and that the command's comment holds; it follows from what is done, so that a lost answer is looked up.")
        @Required
        @Size(min = 1, max = 64)
        String operationId,

        @JsonPropertyDescription("SSM's id of the command, once it is known.") @Size(max = 64) @Nullable
        String commandId,

        @JsonPropertyDescription("The instances it goes to.")
        @Size(max = 50)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<@Size(max = 32) String> instanceIds,

        @JsonPropertyDescription("When it was written down.") @Nullable
        Instant sentTime) {

    public HostCommandStatus {
        instanceIds = instanceIds == null ? List.of() : List.copyOf(instanceIds);
    }

    /** The same command with the id that SSM gave it. */
    public HostCommandStatus known(String id) {
        return new HostCommandStatus(verb, operationId, id, instanceIds, sentTime);
    }
}
