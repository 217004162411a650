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

    /** AWS gave no answer: nothing is known. */
    record Unavailable(Failure failure) implements Identity {}

    /** AWS was not asked, since Kubernetes did not give what that needs: nothing is known, of AWS neither. */
    record Unasked(Failure failure) implements Identity {}
}
