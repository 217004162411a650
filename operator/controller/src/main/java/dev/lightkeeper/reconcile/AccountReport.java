package dev.lightkeeper.reconcile;

import dev.lightkeeper.api.v1alpha1.AwsAccount;
import dev.lightkeeper.observe.Identity;
import dev.lightkeeper.observe.Observed;
import java.math.BigDecimal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known of an AWS account. */
public interface AccountReport {
    /** Asks AWS who we are (or knows it from a moment ago). Remote faults come back as values. */
    Identity identity(AwsAccount account);

    /** What the calls of this process have shown of the account so far. Asks nobody. */
    Experience experience(AwsAccount account);

    /** What this cluster's services in the account cost a month, in US dollars; Absent when a price is not known. */
    Observed<BigDecimal> cost(AwsAccount account);

    /** Whether many of its services began to fail at about the same time, so that nothing is done by itself there. */
    default boolean automationPaused(AwsAccount account) {
        return false;
    }

    /** The account is gone: what is remembered of it is of no use any more. */
    default void forget(String account) {}

    /**
     * What calls have shown.
     *
     * @param exercised a mutation was accepted, so that the permission to write is known
     * @param accepted AWS actions that were accepted and have not been denied since
     * @param denied AWS actions that were denied and have not been accepted since
     * @param silence what failed when AWS was asked last, null when it answers
     */
    record Experience(
            boolean exercised,
            Set<String> accepted,
            Set<String> denied,
            @Nullable String silence) {
        /** Nothing was tried yet. */
        public static final Experience NONE = new Experience(false, Set.of(), Set.of(), null);

        public Experience {
            accepted = Set.copyOf(accepted);
            denied = Set.copyOf(denied);
        }
    }
}
