package dev.lightkeeper.plan.hosts;

import dev.lightkeeper.api.v1alpha1.HostStatus;
import dev.lightkeeper.observe.HostReport;
import dev.lightkeeper.observe.LiveHost;
import dev.lightkeeper.observe.LiveHosts;
import dev.lightkeeper.observe.Observed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which hosts a service runs on: of the running ones that match, those that have it already, then by id, as many as
 * declared.
 *
 * @param selected in that order
 * @param surplus those that have the service and are not selected any more
 */
public record Roster(List<LiveHost> selected, List<LiveHost> surplus) {
    /** As many hosts have room in a status; those that are selected come first. */
    private static final int MOST_TOLD = 50;

    public Roster {
        selected = List.copyOf(selected);
        surplus = List.copyOf(surplus);
    }

    /** The choice for so many hosts, when {@code remembered} is what was known of them before. */
    public static Roster of(LiveHosts live, List<HostStatus> remembered, int scale) {
        List<LiveHost> running = live.hosts().stream()
                .filter(LiveHost::isRunning)
                .sorted(Comparator.comparing((LiveHost host) -> !isKept(host, remembered))
                        .thenComparing(host -> installed(host).isEmpty())
                        .thenComparing(LiveHost::instanceId))
                .toList();
        int most = Math.min(scale, running.size());
        List<LiveHost> surplus = new ArrayList<>(running.subList(most, running.size()));
        surplus.removeIf(host -> installed(host).isEmpty());
        return new Roster(running.subList(0, most), surplus);
    }

    private static boolean isKept(LiveHost host, List<HostStatus> remembered) {
        return serving(host).isPresent()
                || (!(host.report() instanceof Observed.Present)
                        && remembered.stream()
                                .anyMatch(known ->
                                        known.instanceId().equals(host.instanceId()) && known.revision() != null));
    }

    /** What lies on a host; empty too while that is not known. */
    static Optional<HostReport.Installed> installed(LiveHost host) {
        return host.report() instanceof Observed.Present<HostReport>(HostReport report)
                ? Optional.ofNullable(report.installed())
                : Optional.empty();
    }

    /** The same where a revision runs or ought to; a host to which a release was brought, or in vain, has none yet. */
    static Optional<HostReport.Installed> serving(LiveHost host) {
        return installed(host).filter(installed -> installed.revision() != null);
    }

    /** What was remembered of a host; something empty where nothing was. */
    static HostStatus remembered(List<HostStatus> hosts, String instanceId) {
        return hosts.stream()
                .filter(known -> known.instanceId().equals(instanceId))
                .findFirst()
                .orElseGet(() -> new HostStatus(instanceId, null, null, null, null, null));
    }

    /** What status tells of every host that matches or that was told of before. */
    public static List<HostStatus> told(LiveHosts live, List<HostStatus> before, int scale) {
        List<HostStatus> told = new ArrayList<>();
        List<LiveHost> selected = of(live, before, scale).selected();
        List<LiveHost> first = live.hosts().stream()
                .sorted(Comparator.comparing((LiveHost host) -> !selected.contains(host))
                        .thenComparing(LiveHost::instanceId))
                .limit(MOST_TOLD)
                .sorted(Comparator.comparing(LiveHost::instanceId))
                .toList();
        for (LiveHost host : first) {
            HostStatus known = remembered(before, host.instanceId());
            @Nullable
            String revision = host.report() instanceof Observed.Present<HostReport>
                    ? installed(host).map(HostReport.Installed::revision).orElse(null)
                    : known.revision();
            boolean there = host.isRunning() && host.online();
            boolean serves = there && (revision != null || selected.contains(host));
            told.add(new HostStatus(
                    host.instanceId(),
                    host.isRunning() && !host.online() ? HostStatus.UNREACHABLE : host.state(),
                    revision,
                    known.step(),
                    serves ? known.ready() : null,
                    there ? HostClock.withoutClock(known.message()) : unreachable(host)));
        }
        return told;
    }

    private static String unreachable(LiveHost host) {
        return host.isRunning()
                ? "SSM does not reach its agent; see that the agent runs and that the instance's role allows it"
                : "the instance is %s; another one that matches takes its place".formatted(host.state());
    }
}
