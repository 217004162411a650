package dev.lightkeeper.kube;

import dev.lightkeeper.Cluster;
import dev.lightkeeper.KubeApiServer;
import dev.lightkeeper.OneAtATime;

/** The same on a real kube-apiserver. */
@OneAtATime
class StatusWriterApiServerIT extends StatusWriterIT {
    @Override
    Cluster cluster() {
        return KubeApiServer.shared();
    }
}
