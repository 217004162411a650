package dev.lightkeeper;

/** The same on a real kube-apiserver. */
class AccountsApiServerIT extends AccountsIT {
    @Override
    Cluster cluster() {
        return KubeApiServer.shared();
    }
}
