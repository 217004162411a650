package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of one declared revision. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HistoryEntry(
        @JsonPropertyDescription("The revision.") @Required @Size(min = 1, max = 63)
        String revision,

        @JsonPropertyDescription("Its images, in the order of the containers' names.")
        @Size(max = 10)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<@Size(max = 512) String> images,

        @JsonPropertyDescription("How it ended; not set while it runs.") @Nullable
        RevisionResult result,

        @JsonPropertyDescription("When its rollout began.") @Nullable
        Instant startedTime,

        @JsonPropertyDescription("When its rollout ended.") @Nullable
        Instant finishedTime,

        @JsonPropertyDescription("Names of the checks that failed.")
        @Size(max = 20)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<@Size(max = 128) String> failedProbes,

        @JsonPropertyDescription("Why it ended so.") @Size(max = 1024) @Nullable
        String message) {

    public HistoryEntry {
        images = images == null ? List.of() : List.copyOf(images);
        failedProbes = failedProbes == null ? List.of() : List.copyOf(failedProbes);
    }
}
