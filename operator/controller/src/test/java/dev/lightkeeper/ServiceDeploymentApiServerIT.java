package dev.lightkeeper;

/** The same on a real kube-apiserver. */
@OneAtATime
class ServiceDeploymentApiServerIT extends ServiceDeploymentIT {
    @Override
    Cluster cluster() {
        return KubeApiServer.shared();
    }
}
