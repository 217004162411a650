package dev.lightkeeper.kube;

import dev.lightkeeper.Cluster;
import dev.lightkeeper.KubeApiServer;

/** The same on a real kube-apiserver. */
class RevisionStoreApiServerIT extends RevisionStoreIT {
    @Override
    Cluster cluster() {
        return KubeApiServer.shared();
    }
}
