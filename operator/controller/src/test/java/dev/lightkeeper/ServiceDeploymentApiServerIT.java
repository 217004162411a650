package dev.lightkeeper;

/** The same on a real kube-apiserver. */
class ServiceDeploymentApiServerIT extends ServiceDeploymentIT {
    @Override
    Cluster cluster() {
        return KubeApiServer.shared();
    }
}
