package dev.lightkeeper.verify;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What verification found in this run.
 *
 * @param checks in a fixed order
 * @param probed when a probe was made in this run, null when none was due
 * @param nextProbe when the next probe is due, null when none will be
 */
public record Verdict(List<Check> checks, @Nullable Instant probed, @Nullable Instant nextProbe) {
    public Verdict {
        checks = List.copyOf(checks);
    }

    /** The check of that name. */
    public Optional<Check> check(String name) {
        return checks.stream().filter(check -> check.name().equals(name)).findFirst();
    }
}
