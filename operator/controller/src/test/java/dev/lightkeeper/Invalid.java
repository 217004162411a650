package dev.lightkeeper;

/**
 * What the API server accepts and the operator refuses.
 *
 * @param container lines of the container
 * @param path of readiness
 * @param says part of the message
 */
record Invalid(String container, String path, String says) {
    /** Whatever the server is. */
    static final Invalid NO_PATH = new Invalid("", "/health/%zz", "readiness.path");

    /** A script that Go's RE2 knows and the operator's, which the embedded API uses too, does not. */
    static final Invalid PATTERN = new Invalid(
            "env: [{name: A, value: a}]\nrequiredEnv: [{name: A, pattern: '\\p{Adlam}'}]",
            "/health/ready",
            "requiredEnv A");
}
