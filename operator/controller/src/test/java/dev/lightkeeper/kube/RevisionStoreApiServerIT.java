package dev.lightkeeper.kube;

import dev.lightkeeper.Cluster;
import dev.lightkeeper.KubeApiServer;
import dev.lightkeeper.OneAtATime;

/** The same on a real kube-apiserver. */
@OneAtATime
class RevisionStoreApiServerIT extends RevisionStoreIT {
    @Override
    Cluster cluster() {
        return KubeApiServer.shared();
    }
}
