package dev.lightkeeper;

/** The same on a real kube-apiserver. */
class FaultsApiServerIT extends FaultsIT {
    @Override
    Cluster cluster() {
        return KubeApiServer.shared();
    }
}
