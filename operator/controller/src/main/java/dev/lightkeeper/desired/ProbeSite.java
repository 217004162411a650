package dev.lightkeeper.desired;

import dev.lightkeeper.api.v1alpha1.Ec2Target;
import dev.lightkeeper.api.v1alpha1.ProbeOrigin;
import dev.lightkeeper.api.v1alpha1.Readiness;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;

/** From where the checks of a spec are made. */
public record ProbeSite(ServiceDeploymentSpec spec) {
    /** Whether each host asks itself, through SSM: on EC2 without a load balancer, or where the manifest says so. */
    public boolean onHosts() {
        Ec2Target target = spec.ec2();
        Readiness readiness = spec.readiness();
        if (target == null || readiness == null) {
            return false;
        }
        return readiness.from() == null ? target.publicUrl() == null : readiness.from() == ProbeOrigin.Host;
    }

    /** Whether hosts are judged by what their load balancer answers, whichever of them answers there. */
    public boolean behindBalancer() {
        return spec.runsOnHosts() && spec.readiness() != null && !onHosts();
    }

    /** Whether a host can be asked at all, so that it is proved by its own answers before the next one is touched. */
    public boolean provesHosts() {
        return spec.runsOnHosts()
                && spec.readiness() != null
                && spec.readiness().port() != null;
    }
}
