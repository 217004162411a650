package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** A port that a container opens. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ContainerPort(
        @JsonPropertyDescription("The port on which the container listens.") @Required @Min(1) @Max(65535)
        Integer containerPort,

        @JsonPropertyDescription(
                "HTTP (default), HTTPS, TCP or UDP. Only HTTP and HTTPS can be published by Lightsail.")
        @Default("HTTP")
        @Nullable
        PortProtocol protocol,

        @JsonPropertyDescription("EC2 only: the port of the host on which the container's port is published.")
        @Min(1)
        @Max(65535)
        @Nullable
        Integer hostPort) {}
