package dev.lightkeeper;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The same on a real kube-apiserver, one of its own. */
@Order(1)
@ResourceLock("second-kube-apiserver")
class ServiceDeploymentApiServerIT extends ServiceDeploymentIT {
    @Override
    Cluster cluster() {
        return KubeApiServer.second();
    }
}
