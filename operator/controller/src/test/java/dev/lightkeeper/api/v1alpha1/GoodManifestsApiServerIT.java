package dev.lightkeeper.api.v1alpha1;

import dev.lightkeeper.Cluster;
import dev.lightkeeper.KubeApiServer;

/** The same on a real kube-apiserver. */
class GoodManifestsApiServerIT extends GoodManifestsIT {
    @Override
    Cluster cluster() {
        return KubeApiServer.shared();
    }
}
