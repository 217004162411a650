package dev.lightkeeper.plan.hosts;

import dev.lightkeeper.api.v1alpha1.HostStatus;
import dev.lightkeeper.api.v1alpha1.RollStatus;
import dev.lightkeeper.observe.HostReport;
import dev.lightkeeper.observe.LiveHost;
import dev.lightkeeper.observe.LiveHosts;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.plan.RevisionRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that the next step of a roll depends on.
 *
 * @param roll as remembered
 * @param hosts as remembered, one for each host that matches
 * @param record of the roll's revision, null while it cannot be read
 * @param resolvable the release can be put together now, so that it can be brought to a host that lacks it
 * @param demand whether somebody wants it still
 * @param bringsBack what was proved before, or what is gone back to: it goes to each host that can have it, and waits for
 *     none
 * @param maxUnavailable hosts that are switched over at a time, at most
 * @param least hosts that have to go on working meanwhile; one that works is not switched over where fewer would be left
 * @param proves a host's own answers say whether it works; otherwise what its runtime says
 * @param effectVisible after so long a command that was sent is listed
 * @param firstPause so long hosts are left before they are asked again what stands in the way; it grows
 * @param longestPause and grows no longer than that
 * @param uid of the resource
 */
public record RollScene(
        RollStatus roll,
        List<HostStatus> hosts,
        Roster roster,
        LiveHosts live,
        @Nullable RevisionRecord record,
        boolean resolvable,
        Demand demand,
        boolean bringsBack,
        int maxUnavailable,
        int least,
        boolean proves,
        Duration effectVisible,
        Duration firstPause,
        Duration longestPause,
        String uid,
        Instant now) {
    /** Whether somebody wants a roll still. */
    public enum Demand {
        /** It is what is to be brought about. */
        WANTED,
        /** Something else is declared: hosts that have the release already and answer go on, and that is the end of it. */
        REPLACED,
        /** Somebody asks to go back: no further host is switched over. */
        UNWANTED
    }

    /** The same once the results of a command are known. */
    RollScene after(CommandResults.Settled settled) {
        return new RollScene(
                settled.roll(),
                settled.hosts(),
                roster,
                live,
                record,
                resolvable,
                demand,
                bringsBack,
                maxUnavailable,
                least,
                proves,
                effectVisible,
                firstPause,
                longestPause,
                uid,
                now);
    }

    /** What was found on a host after the roll changed it last; empty while that is not known. */
    Optional<HostReport> fresh(LiveHost host) {
        boolean known = host.report() instanceof Observed.Present<HostReport>(HostReport report)
                && (roll.changedTime() == null || report.readAt().isAfter(roll.changedTime()));
        return known ? Optional.of(((Observed.Present<HostReport>) host.report()).value()) : Optional.empty();
    }

    /** The same for what lies there; empty too where nothing does. */
    Optional<HostReport.Installed> lies(LiveHost host) {
        return fresh(host).map(HostReport::installed);
    }

    /** Whether that is the roll's revision. */
    boolean runsTheRevision(LiveHost host) {
        return lies(host)
                .filter(installed -> roll.revision().equals(installed.revision()))
                .isPresent();
    }

    /** Whether a host runs the roll's revision as it should. */
    boolean runsAsItShould(LiveHost host) {
        return record != null
                && lies(host)
                        .filter(installed -> HostDrift.of(installed, record).isEmpty())
                        .isPresent();
    }
}
