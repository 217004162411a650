package dev.lightkeeper.plan;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether the operator may repair and take back by itself in the account of a resource.
 *
 * @param pausedUntil many services of the account began to fail at about the same time: until then it may not; null while it
 *     may
 * @param verdictsFrom before then this process has not watched the account for long enough to know that, and takes nothing
 *     back; null where it has
 */
public record Automation(
        @Nullable Instant pausedUntil, @Nullable Instant verdictsFrom) {
    /** Nothing is held up. */
    public static final Automation ALLOWED = new Automation(null, null);
}
