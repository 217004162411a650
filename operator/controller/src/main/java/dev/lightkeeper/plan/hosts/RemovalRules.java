package dev.lightkeeper.plan.hosts;

import dev.lightkeeper.api.v1alpha1.HostCommandStatus;
import dev.lightkeeper.api.v1alpha1.RollStatus;
import dev.lightkeeper.observe.HostReport;
import dev.lightkeeper.observe.LiveHost;
import dev.lightkeeper.observe.LiveHosts;
import dev.lightkeeper.observe.Observed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes a service off every running host that has it, until none has. */
public final class RemovalRules {
    private RemovalRules() {}

    /**
     * What it comes to in one run.
     *
     * @param send what is to be sent now, null when nothing is
     * @param done no running host has it any more, and that is known of every one
     */
    public record Removal(RollStatus roll, @Nullable HostCommandStatus send, boolean done) {}

    /** The next step. */
    public static Removal next(RollStatus before, LiveHosts live, String uid, Duration effectVisible, Instant now) {
        CommandResults.Settled settled = CommandResults.settle(new RollScene(
                before,
                List.of(),
                new Roster(List.of(), List.of()),
                live,
                null,
                false,
                RollScene.Demand.WANTED,
                false,
                1,
                0,
                false,
                effectVisible,
                effectVisible,
                effectVisible,
                uid,
                now));
        RollStatus roll = settled.roll();
        if (roll.command() != null || settled.paused()) {
            return new Removal(roll, null, false);
        }
        List<LiveHost> running =
                live.hosts().stream().filter(LiveHost::isRunning).toList();
        List<LiveHost> having = running.stream()
                .filter(host -> Roster.installed(host).isPresent())
                .filter(LiveHost::online)
                .filter(host -> isFresh(host, roll))
                .toList();
        if (having.isEmpty()) {
            return new Removal(roll, null, running.stream().allMatch(host -> isFresh(host, roll) && host.online()));
        }
        return new Removal(
                roll,
                new HostCommandStatus(
                        RollRules.REMOVE,
                        "%s.%d.%d".formatted(uid, roll.number(), roll.sent() + 1),
                        null,
                        having.stream().map(LiveHost::instanceId).toList(),
                        now),
                false);
    }

    private static boolean isFresh(LiveHost host, RollStatus roll) {
        return host.report() instanceof Observed.Present<HostReport>(HostReport report)
                && (roll.changedTime() == null || report.readAt().isAfter(roll.changedTime()));
    }
}
