package dev.lightkeeper.api.v1alpha1;

import dev.lightkeeper.Cluster;
import dev.lightkeeper.KubeApiServer;
import dev.lightkeeper.OneAtATime;

/** The same on a real kube-apiserver. */
@OneAtATime
class GoodManifestsApiServerIT extends GoodManifestsIT {
    @Override
    Cluster cluster() {
        return KubeApiServer.shared();
    }
}
