package dev.lightkeeper;

/** The same on a real kube-apiserver. */
class NamespaceDeletionApiServerIT extends NamespaceDeletionIT {
    @Override
    Cluster cluster() {
        return KubeApiServer.shared();
    }

    @Override
    Invalid invalid() {
        return Invalid.PATTERN;
    }
}
