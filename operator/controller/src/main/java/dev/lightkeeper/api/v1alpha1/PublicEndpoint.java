package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** The container and port that Lightsail publishes. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PublicEndpoint(
        @JsonPropertyDescription("The container that is published. Optional with one container.")
        @Size(min = 1, max = 53)
        @Nullable
        String containerName,

        @JsonPropertyDescription(
                "The port of that container. Optional when it opens one port. Its protocol is HTTP or HTTPS.")
        @Min(1)
        @Max(65535)
        @Nullable
        Integer containerPort,

        @JsonPropertyDescription(
                "The health check of Lightsail's load balancer; it decides when a deployment becomes active.")
        @Required
        HealthCheck healthCheck) {}
