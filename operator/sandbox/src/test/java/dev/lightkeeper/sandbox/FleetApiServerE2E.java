package dev.lightkeeper.sandbox;

import org.junit.jupiter.api.parallel.ResourceLock;

/** The same on a real kube-apiserver. */
@ResourceLock(Worlds.KUBE_API_SERVER)
class FleetApiServerE2E extends FleetE2E {
    @Override
    World world(double speed, Opened opened) {
        return Worlds.onKubeApiServer(speed, opened);
    }
}
