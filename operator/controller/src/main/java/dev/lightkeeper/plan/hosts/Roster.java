package dev.lightkeeper.plan.hosts;

import dev.lightkeeper.api.v1alpha1.HostStatus;
import dev.lightkeeper.api.v1alpha1.RollStatus;
import dev.lightkeeper.observe.HostReport;
import dev.lightkeeper.observe.LiveHost;
import dev.lightkeeper.observe.LiveHosts;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.plan.Memory;
import dev.lightkeeper.plan.RevisionRecord;
import java.time.Instant;
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
                .orElseGet(() -> new HostStatus(instanceId, null, null, null, null, null, null));
    }

    /**
     * Whether a host has nothing of the service, or does not run what is kept there.
     *
     * @param kept what differs from it is made up for as well; null where nothing is
     */
    public boolean isAnyToBeMadeUpFor(@Nullable RevisionRecord kept) {
        return selected.stream()
                .filter(host -> host.report() instanceof Observed.Present)
                .anyMatch(host -> serving(host).isEmpty()
                        || (kept != null && HostDrift.of(host, kept).isPresent()));
    }

    /** Selected hosts that ran otherwise than declared, and of which is not known what they run now. */
    public List<LiveHost> unseenThatDiffered(List<HostStatus> known) {
        return selected.stream()
                .filter(host -> !(host.report() instanceof Observed.Present))
                .filter(host ->
                        Boolean.TRUE.equals(remembered(known, host.instanceId()).differs()))
                .toList();
    }

    /** Selected hosts that did not answer, and that SSM does not reach now. */
    public List<LiveHost> unreachedThatFailed(List<HostStatus> known) {
        return selected.stream()
                .filter(host -> !host.online())
                .filter(host -> Boolean.FALSE.equals(
                        remembered(known, host.instanceId()).ready()))
                .toList();
    }

    /**
     * What status tells of every host that matches or that was told of before.
     *
     * @param record what all of them ought to run; null while a release is under way, or before the first
     */
    static List<HostStatus> told(LiveHosts live, Memory memory, int scale, @Nullable RevisionRecord record) {
        List<HostStatus> before = memory.hosts();
        RollStatus roll = memory.roll();
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
            boolean isTold = serves || (selected.contains(host) && isKnownToFail(host, known, roll));
            told.add(new HostStatus(
                    host.instanceId(),
                    host.isRunning() && !host.online() ? HostStatus.UNREACHABLE : host.state(),
                    revision,
                    known.step(),
                    isTold ? known.ready() : null,
                    differs(host, known, roll, record),
                    there ? HostClock.withoutClock(known.message()) : unreachable(host)));
        }
        return told;
    }

    /** Silence proves nothing. A host that a roll is at is waited for instead. */
    private static boolean isKnownToFail(LiveHost host, HostStatus known, @Nullable RollStatus roll) {
        boolean touched = roll != null && roll.goesOn() && RollHosts.isTouched(known);
        return host.isRunning() && Boolean.FALSE.equals(known.ready()) && !touched;
    }

    /** What was read before a roll changed hosts last says nothing of them. */
    private static @Nullable Boolean differs(
            LiveHost host, HostStatus known, @Nullable RollStatus roll, @Nullable RevisionRecord record) {
        if (!host.isRunning() || (record == null && RollHosts.isTouched(known))) {
            return null;
        }
        Instant changed = roll == null ? null : roll.changedTime();
        boolean recent = host.report() instanceof Observed.Present<HostReport>(HostReport report)
                && (changed == null || report.readAt().isAfter(changed));
        if (record == null || !recent) {
            return known.differs();
        }
        return HostDrift.of(host, record).map(drift -> true).orElse(null);
    }

    private static String unreachable(LiveHost host) {
        return host.isRunning()
                ? "SSM does not reach its agent; see that the agent runs and that the instance's role allows it"
                : "the instance is %s; another one that matches takes its place".formatted(host.state());
    }
}
