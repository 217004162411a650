package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** A CloudWatch Logs group and stream. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LogGroup(
        @JsonPropertyDescription("Name of the log group.")
        @Required
        @Size(min = 1, max = 512)
        @Pattern("^[A-Za-z0-9_./#-]+$")
        String name,

        @JsonPropertyDescription("Name of the log stream. Not set means all streams of the group.")
        @Size(min = 1, max = 512)
        @Pattern("^[^:*]+$")
        @Nullable
        String stream) {}
