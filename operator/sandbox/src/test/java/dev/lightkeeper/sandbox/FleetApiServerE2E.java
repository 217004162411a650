package dev.lightkeeper.sandbox;

/** The same on a real kube-apiserver. */
class FleetApiServerE2E extends FleetE2E {
    @Override
    World world(double speed, Opened opened) {
        return Worlds.onKubeApiServer(speed, opened);
    }
}
