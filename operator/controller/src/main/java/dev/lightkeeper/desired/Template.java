package dev.lightkeeper.desired;

import dev.lightkeeper.api.v1alpha1.Container;
import dev.lightkeeper.api.v1alpha1.LightsailTarget;
import dev.lightkeeper.api.v1alpha1.Power;
import dev.lightkeeper.api.v1alpha1.PublicEndpoint;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a release is made of, as it was declared: values that stand in the manifest, and of all others where they come from.
 * Stored with its revision, so that it can be resolved again when a source says something else; the names of the members
 * are a stored format.
 */
public record Template(
        List<Container> containers,
        @Nullable PublicEndpoint publicEndpoint,
        @Nullable Power power,
        @Nullable HostTemplate ec2) {
    public Template {
        containers = List.copyOf(containers);
    }

    /** The template of a spec. */
    public static Template of(ServiceDeploymentSpec spec) {
        return new Template(
                spec.containers(),
                spec.publicEndpoint(),
                spec.lightsail() == null ? null : spec.lightsail().power(),
                spec.ec2() == null ? null : HostTemplate.of(spec.ec2()));
    }

    /** The spec with this template in the place of its own. */
    ServiceDeploymentSpec in(ServiceDeploymentSpec spec) {
        LightsailTarget target = spec.lightsail();
        return new ServiceDeploymentSpec(
                spec.accountRef(),
                spec.region(),
                spec.scale(),
                spec.minimumScale(),
                target == null
                        ? null
                        : new LightsailTarget(
                                target.serviceName(),
                                power,
                                target.publicDomainNames(),
                                target.ecrImagePuller(),
                                target.tags()),
                spec.ec2() == null || ec2 == null ? spec.ec2() : ec2.in(spec.ec2()),
                containers,
                publicEndpoint,
                spec.readiness(),
                spec.verification(),
                spec.rollout(),
                spec.driftPolicy(),
                spec.managementPolicy(),
                spec.suspend(),
                spec.adoptionPolicy(),
                spec.deletionPolicy(),
                spec.revisionHistoryLimit());
    }
}
