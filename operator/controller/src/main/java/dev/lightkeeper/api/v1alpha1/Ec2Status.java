package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What runs on EC2 hosts, all of them together; each by itself is in status.hosts. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Ec2Status(
        @JsonPropertyDescription("How many hosts run the service.") @Min(0) @Max(100) @Nullable
        Integer scale,

        @JsonPropertyDescription(
                "How much of the declared scale was live before: so far it is restored without being asked for.")
        @Min(0)
        @Max(100)
        @Nullable
        Integer reachedScale,

        @JsonPropertyDescription("The scale that was declared then.") @Min(0) @Max(100) @Nullable
        Integer declaredScale,

        @JsonPropertyDescription("The number of the roll whose revision was last seen on all hosts.") @Min(1) @Nullable
        Long deploymentVersion,

        @JsonPropertyDescription("When that was first so; verification counts from here.") @Nullable
        Instant activeTime,

        @JsonPropertyDescription("The images or sources that run.")
        @Size(max = 10)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<@Size(max = 512) String> images,

        @JsonPropertyDescription("The roll that is under way, or the last one.") @Nullable
        RollStatus roll) {

    public Ec2Status {
        images = images == null ? List.of() : List.copyOf(images);
    }
}
