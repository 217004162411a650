package dev.lightkeeper.kube;

import dev.lightkeeper.Cluster;
import dev.lightkeeper.KubeApiServer;

/** The same on a real kube-apiserver. */
class LeaderElectionApiServerIT extends LeaderElectionIT {
    @Override
    Cluster cluster() {
        return KubeApiServer.shared();
    }
}
