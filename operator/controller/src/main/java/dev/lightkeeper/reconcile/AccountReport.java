package dev.lightkeeper.reconcile;

import dev.lightkeeper.api.v1alpha1.AwsAccount;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.failure.Failure;
import java.util.Set;

/** What is known of an AWS account. */
public interface AccountReport {
    /** Asks AWS who we are (or knows it from a moment ago). Remote faults come back as values. */
    Identity identity(AwsAccount account);

    /** What the calls of this process have shown of the account so far. Asks nobody. */
    Experience experience(AwsAccount account);

    /** The account's access or spec has changed or it is gone: what is cached of it no longer holds. */
    default void forget(String account) {}

    /** Who we are in the account. */
    sealed interface Identity {
        /** AWS named the account of the spec. */
        record Verified(String accountId, String arn) implements Identity {}

        /**
         * A known wrong that needs a human.
         *
         * @param reason CredentialsInvalid, WrongAccount, AccessDenied or InvalidSpec
         */
        record Refused(Reason reason, String message) implements Identity {}

        /** AWS could not be asked. */
        record Unavailable(Failure failure) implements Identity {}
    }

    /**
     * What calls have shown.
     *
     * @param exercised a mutation was accepted, so that the permission to write is known
     * @param denied AWS actions that were denied and have not been accepted since
     */
    record Experience(boolean exercised, Set<String> denied) {
        /** Nothing was tried yet. */
        public static final Experience NONE = new Experience(false, Set.of());

        public Experience {
            denied = Set.copyOf(denied);
        }
    }
}
