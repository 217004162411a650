package dev.lightkeeper.desired;

import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;
import dev.lightkeeper.api.v1alpha1.TargetStatus;
import dev.lightkeeper.desired.DesiredState.ResourceIdentity;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one resource takes from Parameter Store, so that it can be read together.
 *
 * @param pinned the account and region that the service was first found in; null before
 * @param occasion changes when the resource, or a person through it, asks for something new: then what was read before does
 *     not do
 * @param paths begin with a slash, also where they end with one
 */
public record ParameterQuery(
        ResourceIdentity resource,
        ServiceDeploymentSpec spec,
        @Nullable TargetStatus pinned,
        String occasion,
        Set<ParameterKey> parameters,
        Set<String> paths) {
    public ParameterQuery {
        parameters = Set.copyOf(parameters);
        paths = Set.copyOf(paths);
    }

    /**
     * Whether not the values are wanted but which version of each parameter is in force, as {@code name:version}: on EC2
     * the host itself fetches them.
     */
    public boolean versionsOnly() {
        return spec.runsOnHosts();
    }
}
