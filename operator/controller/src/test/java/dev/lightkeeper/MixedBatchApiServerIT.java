package dev.lightkeeper;

/** The same on a real kube-apiserver. */
class MixedBatchApiServerIT extends MixedBatchIT {
    @Override
    Cluster cluster() {
        return KubeApiServer.shared();
    }

    @Override
    Invalid invalid() {
        return Invalid.PATTERN;
    }
}
