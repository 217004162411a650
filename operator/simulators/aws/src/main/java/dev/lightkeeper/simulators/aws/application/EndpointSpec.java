package dev.lightkeeper.simulators.aws.application;

/**
 * The container and port that the service's public address leads to.
 *
 * @param containerName one of the deployment's containers
 * @param containerPort the port asked; an application that listens on another one refuses the connection
 * @param healthCheck AWS's own check
 */
public record EndpointSpec(String containerName, int containerPort, HealthCheckSpec healthCheck) {}
