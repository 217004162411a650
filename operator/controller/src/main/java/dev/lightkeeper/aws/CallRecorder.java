package dev.lightkeeper.aws;

import dev.lightkeeper.failure.Failure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Is told of every AWS call, for metrics and for the list of permissions that were exercised or denied. */
@FunctionalInterface
public interface CallRecorder {
    /** Tells nobody. */
    CallRecorder NONE = (account, region, action, took, failure) -> {};

    /**
     * A call has ended.
     *
     * @param account name of the AwsAccount
     * @param region whose endpoint was called
     * @param action such as {@code lightsail:GetContainerServices}
     * @param failure null when AWS accepted it
     */
    void called(String account, String region, String action, Duration took, @Nullable Failure failure);

    /** A call was not made, because of our own limit {@code rate}, {@code places}, {@code budget} or {@code pause}. */
    default void heldBack(String account, String action, String limit) {}

    /** From now on the account is used with other credentials, or not at all. */
    default void renewed(String account) {}
}
