package dev.lightkeeper.api.v1alpha1;

/** From where an EC2 service is asked. */
public enum ProbeOrigin {
    Host,
    Operator
}
