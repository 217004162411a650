package dev.lightkeeper.plan.hosts;

import dev.lightkeeper.api.v1alpha1.HostStatus;
import dev.lightkeeper.observe.HostReport;
import dev.lightkeeper.observe.LiveHost;
import dev.lightkeeper.observe.LiveHosts;
import dev.lightkeeper.observe.Observed;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is said of clocks of hosts that are wrong, without numbers that would change with each look. */
public final class HostClock {
    /** AWS refuses a signature that is older, or newer, than that. */
    private static final Duration REFUSED = Duration.ofMinutes(5);

    private static final Duration TOLD = Duration.ofMinutes(1);

    private static final String BEGINNING = "its clock is more than ";

    private HostClock() {}

    /** The same hosts; those of which nothing else is to be said tell that their clock is wrong. */
    public static List<HostStatus> told(LiveHosts live, List<HostStatus> hosts) {
        return hosts.stream()
                .map(host -> {
                    String words =
                            live.host(host.instanceId()).map(HostClock::words).orElse(null);
                    return words == null || host.message() != null ? host : host.answering(host.ready(), words);
                })
                .toList();
    }

    /** What was said of a host, without what was said of its clock. */
    static @Nullable String withoutClock(@Nullable String message) {
        return message == null || message.startsWith(BEGINNING) ? null : message;
    }

    /** Of hosts whose requests AWS refuses, in words; null when there are none. */
    static @Nullable String refused(List<LiveHost> hosts) {
        String words = hosts.stream()
                .filter(HostClock::isRefused)
                .map(host -> "host %s: %s (%s)".formatted(host.instanceId(), words(host), HostCode.ClockSkew))
                .collect(Collectors.joining("; "));
        return words.isEmpty() ? null : words;
    }

    /** Whether AWS refuses a host's requests for its clock. */
    static boolean isRefused(LiveHost host) {
        return offset(host).abs().compareTo(REFUSED) > 0;
    }

    private static @Nullable String words(LiveHost host) {
        Duration offset = offset(host);
        if (offset.abs().compareTo(TOLD) <= 0) {
            return null;
        }
        boolean refused = isRefused(host);
        return "%s%s %s AWS's%s; see that the host synchronises it (chrony, systemd-timesyncd)"
                .formatted(
                        BEGINNING,
                        refused ? "5 minutes" : "a minute",
                        offset.isNegative() ? "behind" : "ahead of",
                        refused ? ", so that AWS refuses its requests" : ", and AWS refuses requests beyond 5 minutes");
    }

    private static Duration offset(LiveHost host) {
        return host.report() instanceof Observed.Present<HostReport>(HostReport report)
                ? report.clockAhead()
                : Duration.ZERO;
    }
}
