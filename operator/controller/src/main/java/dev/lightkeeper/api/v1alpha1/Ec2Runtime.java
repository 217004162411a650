package dev.lightkeeper.api.v1alpha1;

/** What runs the service on a host. */
public enum Ec2Runtime {
    Docker,
    Podman,
    Pm2
}
