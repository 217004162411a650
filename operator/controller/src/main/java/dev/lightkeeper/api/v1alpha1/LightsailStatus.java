package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What Lightsail tells, in its own words: AWS may add states, so they are strings. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LightsailStatus(
        @JsonPropertyDescription("State of the container service, for example RUNNING.") @Size(max = 64) @Nullable
        String state,

        @JsonPropertyDescription("The live power.") @Size(max = 32) @Nullable
        String power,

        @JsonPropertyDescription("The live scale.") @Min(0) @Max(100) @Nullable
        Integer scale,

        @JsonPropertyDescription(
                "How much of the declared scale was live before: so far it is restored, whatever the account's spending limit says.")
        @Min(0)
        @Max(100)
        @Nullable
        Integer reachedScale,

        @JsonPropertyDescription(
                "When a scale above the declared one was first seen that no manifest asked for; it is lowered half an hour later, unless Degraded.")
        @Nullable
        Instant scaleRaisedTime,

        @JsonPropertyDescription(
                "Digest of the domains, registry access and tags that were last live as declared: a later difference from them is drift.")
        @Size(max = 64)
        @Nullable
        String attachmentsDigest,

        @JsonPropertyDescription(
                "Digest of power, domains and registry access that others changed while the service was not Ready: left until the spec changes or a retry is requested.")
        @Size(max = 64)
        @Nullable
        String leftChange,

        @JsonPropertyDescription("The scale that the manifest asked for at the last look.") @Min(0) @Max(100) @Nullable
        Integer declaredScale,

        @JsonPropertyDescription("AWS's version number of the active deployment.") @Min(0) @Nullable
        Long deploymentVersion,

        @JsonPropertyDescription(
                "When our version was first seen active on the nodes that run it now; verification counts from here.")
        @Nullable
        Instant activeTime,

        @JsonPropertyDescription("The live images, in the order of the containers' names.")
        @Size(max = 10)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<@Size(max = 512) String> images,

        @JsonPropertyDescription("The newest stored image of each label in use.")
        @Size(max = 10)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<@Size(max = 512) String> newestImages,

        @JsonPropertyDescription("The role to allow in the policy of a private ECR repository.")
        @Size(max = 512)
        @Nullable
        String ecrImagePullerRoleArn) {

    public LightsailStatus {
        images = images == null ? List.of() : List.copyOf(images);
        newestImages = newestImages == null ? List.of() : List.copyOf(newestImages);
    }
}
