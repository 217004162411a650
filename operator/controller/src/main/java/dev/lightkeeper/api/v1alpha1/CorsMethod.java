package dev.lightkeeper.api.v1alpha1;

/** Methods for which a preflight can ask. The preflight itself is an OPTIONS request and changes nothing. */
public enum CorsMethod {
    GET,
    HEAD,
    POST,
    PUT,
    PATCH,
    DELETE
}
