package dev.lightkeeper.verify;

import dev.lightkeeper.api.v1alpha1.CheckStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What verification found in this run.
 *
 * @param checks in a fixed order
 * @param nextProbe when the next probe is due, null when none will be
 */
public record Verdict(List<CheckStatus> checks, @Nullable Instant nextProbe) {
    public Verdict {
        checks = List.copyOf(checks);
    }

    /** The check of that name. */
    public Optional<CheckStatus> check(String name) {
        return checks.stream().filter(check -> check.name().equals(name)).findFirst();
    }
}
