package dev.lightkeeper.simulators.aws.lightsail;

import dev.lightkeeper.simulators.aws.application.RunningDeployment;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One version of a service. Guarded by the world's lock. */
final class Deployment {
    final int version;
    final DeploymentContent content;
    final Instant createdAt;
    DeploymentState state = DeploymentState.ACTIVATING;

    @Nullable
    RunningDeployment running;

    Deployment(int version, DeploymentContent content, Instant createdAt) {
        this.version = version;
        this.content = content;
        this.createdAt = createdAt;
    }
}
