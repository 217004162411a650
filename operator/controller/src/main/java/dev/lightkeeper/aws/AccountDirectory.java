package dev.lightkeeper.aws;

import dev.lightkeeper.api.v1alpha1.AwsAccount;
import dev.lightkeeper.observe.Observed;

/** Finds the AwsAccount that a manifest names. Asked on every look, so an answer from an informer's store is wanted. */
@FunctionalInterface
public interface AccountDirectory {
    /** Absent only when the Kubernetes API said so. */
    Observed<AwsAccount> account(String name);
}
