package dev.lightkeeper;

/** The same on a real kube-apiserver. */
@OneAtATime
class LightkeeperApiServerIT extends LightkeeperIT {
    @Override
    Cluster cluster() {
        return KubeApiServer.shared();
    }
}
