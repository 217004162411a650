package dev.lightkeeper.api.v1alpha1;

/** HTTP methods that change nothing. */
public enum CheckMethod {
    GET,
    HEAD,
    OPTIONS
}
