package dev.lightkeeper.api.v1alpha1;

/** Lightsail's protocols. */
public enum PortProtocol {
    HTTP,
    HTTPS,
    TCP,
    UDP
}
