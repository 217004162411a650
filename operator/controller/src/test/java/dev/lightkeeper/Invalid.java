package dev.lightkeeper;

/**
 * What the API server accepts and the operator refuses.
 *
 * @param container lines of the container
 * @param rollout further members of {@code spec.rollout}
 * @param says part of the message
 */
record Invalid(String container, String rollout, String says) {
    /** Whatever the server is. */
    static final Invalid NOT_SUPPORTED = new Invalid("", ", maxAttempts: 2", "spec.rollout.maxAttempts");

    /** A script that Go's RE2 knows and the operator's, which the embedded API uses too, does not. */
    static final Invalid PATTERN = new Invalid(
            "env: [{name: A, value: a}]\nrequiredEnv: [{name: A, pattern: '\\p{Adlam}'}]", "", "requiredEnv A");
}
