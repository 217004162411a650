package dev.lightkeeper.simulators.aws.lightsail;

/**
 * The name space of container services.
 *
 * @param account twelve digits
 * @param region such as {@code eu-central-1}
 */
record Scope(String account, String region) {}
