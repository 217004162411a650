package dev.lightkeeper;

/** The same on a real kube-apiserver. */
class LightkeeperApiServerIT extends LightkeeperIT {
    @Override
    Cluster cluster() {
        return KubeApiServer.shared();
    }
}
