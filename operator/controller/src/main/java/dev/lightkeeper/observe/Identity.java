package dev.lightkeeper.observe;

import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.failure.Failure;

/** Who an account's credentials belong to. */
public sealed interface Identity {
    /** AWS named the account of the spec. */
    record Verified(String accountId, String arn) implements Identity {}

    /**
     * AWS was reached, or need not be, and something is known to be wrong.
     *
     * @param reason CredentialsInvalid, WrongAccount, AccessDenied or UnknownValue
     */
    record Refused(Reason reason, String message) implements Identity {}

    /** The answer could not be had: nothing is known. */
    record Unavailable(Failure failure) implements Identity {}
}
