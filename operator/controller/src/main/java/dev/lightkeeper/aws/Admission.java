package dev.lightkeeper.aws;

import dev.lightkeeper.api.v1alpha1.AwsAccountSpec;
import dev.lightkeeper.observe.AccountCheck;

/** Whether a resource may work on an account, and, only then, the way to it. */
public sealed interface Admission {
    /** What the observer reports. */
    AccountCheck check();

    /** The way is open. */
    record Granted(AccountCheck.Verified check, AccountSession session, AwsAccountSpec account) implements Admission {}

    /** No AWS call may be made. */
    record Withheld(AccountCheck check) implements Admission {}
}
