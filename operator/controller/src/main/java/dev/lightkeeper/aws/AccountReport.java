package dev.lightkeeper.aws;

import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.failure.Failure;

/** What is known of an account by itself, for its own status. */
public sealed interface AccountReport {
    /** The credentials are accepted and belong to the declared account. */
    record Identified(String accountId, String arn) implements AccountReport {}

    /** AWS was reached and something is wrong: CredentialsInvalid, WrongAccount, AccessDenied or UnknownValue. */
    record Refused(Reason reason, String message) implements AccountReport {}

    /** The answer could not be had: nothing is known about the identity. */
    record Unavailable(Failure failure) implements AccountReport {}
}
