package dev.lightkeeper.verify;

import dev.lightkeeper.api.v1alpha1.CheckStatus;
import dev.lightkeeper.api.v1alpha1.CheckType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What verification found in this run.
 *
 * @param checks in a fixed order
 * @param nextProbe when the next probe is due, null when none will be
 * @param isolation why the readiness check is Unknown, as far as that is the prober's own fault
 * @param hosts where each host of a service on EC2 stands, by instance
 * @param logMissing whether there is no log to read, or none that may be read
 */
public record Verdict(
        List<CheckStatus> checks,
        @Nullable Instant nextProbe,
        Isolation isolation,
        Map<String, HostAnswer> hosts,
        boolean logMissing) {
    public Verdict {
        checks = List.copyOf(checks);
        hosts = Map.copyOf(hosts);
    }

    /** What was found by a prober that can reach something. */
    public Verdict(List<CheckStatus> checks, @Nullable Instant nextProbe) {
        this(checks, nextProbe, Isolation.NONE, Map.of(), false);
    }

    /** The only check of a type that has one. */
    public Optional<CheckStatus> check(CheckType type) {
        return checks.stream().filter(check -> check.type() == type).findFirst();
    }
}
