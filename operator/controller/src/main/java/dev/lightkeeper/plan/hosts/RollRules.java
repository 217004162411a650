package dev.lightkeeper.plan.hosts;

import static dev.lightkeeper.plan.hosts.RollHosts.names;

import dev.lightkeeper.api.v1alpha1.HostCommandStatus;
import dev.lightkeeper.api.v1alpha1.HostStatus;
import dev.lightkeeper.api.v1alpha1.HostStep;
import dev.lightkeeper.api.v1alpha1.RollKind;
import dev.lightkeeper.api.v1alpha1.RollObstacle;
import dev.lightkeeper.api.v1alpha1.RollPhase;
import dev.lightkeeper.api.v1alpha1.RollStatus;
import dev.lightkeeper.observe.LiveHost;
import dev.lightkeeper.plan.hosts.RollScene.Demand;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The next step of a roll over hosts: ask all of them, prepare all of them, switch one over and have it proved, then the
 * others; and back where one fails. Once the first is switched over, and from the beginning where something is brought
 * back, no host waits for another one that is away or lacks something. One command at a time, and none is waited for.
 */
public final class RollRules {
    /** Reads only. */
    public static final String INSPECT = "inspect";

    /** Brings a release to a host and changes nothing that runs. */
    public static final String PREPARE = "prepare";

    /** Switches a host over to it. */
    public static final String ACTIVATE = "activate";

    /** Switches a host back to what ran before. */
    public static final String ROLLBACK = "rollback";

    /** Takes the service off a host. */
    public static final String REMOVE = "remove";

    private final RollScene scene;
    private final RollHosts hosts;
    private RollStatus roll;
    private @Nullable HostCommandStatus send;

    private RollRules(RollScene scene) {
        this.scene = scene;
        roll = scene.roll();
        hosts = new RollHosts(scene);
    }

    /** What a roll that is under way comes to now. */
    public static RollStep next(RollScene scene) {
        CommandResults.Settled settled = CommandResults.settle(scene);
        RollRules rules = new RollRules(scene.after(settled));
        if (!settled.paused()) {
            rules.step();
        }
        return new RollStep(
                rules.roll, rules.hosts.told(), rules.send, rules.hosts.unreachable(), rules.hosts.needed());
    }

    private void step() {
        if (roll.command() != null || roll.phase() == null) {
            return;
        }
        boolean untouched = hosts.where(RollHosts::isTouched).isEmpty()
                && roll.phase() != RollPhase.Failed
                && roll.phase() != RollPhase.Live;
        if (scene.demand() != Demand.WANTED && untouched) {
            roll = roll.in(RollPhase.Superseded, "another release is asked for");
            return;
        }
        switch (roll.phase()) {
            case Preflight -> preflight();
            case Preparing -> prepare();
            case Rolling -> goOn();
            case TakingBack -> takeBack();
            case Failed, Live, Superseded -> {}
        }
    }

    private void preflight() {
        if (scene.bringsBack()) {
            begin();
            return;
        }
        List<LiveHost> pending = pending();
        if (!hosts.areKnown(concerned())) {
            return;
        }
        String clocks = HostClock.refused(pending);
        if (clocks != null) {
            roll = roll.standing(clocks, new RollObstacle(obstacleSince(), null));
            return;
        }
        List<LiveHost> lacking = pending.stream().filter(hosts::lacks).toList();
        if (lacking.isEmpty()) {
            begin();
        } else if (mayAsk()) {
            send(INSPECT, lacking);
        }
    }

    private void prepare() {
        List<LiveHost> lacking = pending().stream().filter(hosts::lacks).toList();
        if (!hosts.areKnown(lacking)) {
            return;
        }
        if (lacking.isEmpty()) {
            begin();
        } else if (mayAsk()) {
            send(PREPARE, lacking);
        }
    }

    private void begin() {
        roll = roll.in(RollPhase.Rolling, null);
        goOn();
    }

    private Instant obstacleSince() {
        RollObstacle known = roll.obstacle();
        return known == null || known.since() == null ? scene.now().truncatedTo(ChronoUnit.SECONDS) : known.since();
    }

    /** Whether the release can be put together, and hosts in whose way something was have been left alone for long enough. */
    private boolean mayAsk() {
        return scene.resolvable() && !pauses();
    }

    private boolean pauses() {
        RollObstacle obstacle = roll.obstacle();
        return obstacle != null && obstacle.retryTime() != null && scene.now().isBefore(obstacle.retryTime());
    }

    /** Hosts that have the release and answer go on; those that lack it, or are away, follow when they can. */
    private void goOn() {
        prove();
        if (hosts.any(HostStep.Failed) && !hosts.areBackInPart()) {
            roll = roll.in(RollPhase.TakingBack, firstFailure());
            takeBack();
            return;
        }
        if (hosts.unproved().stream().anyMatch(LiveHost::online)) {
            return;
        }
        List<LiveHost> pending = pending();
        if (roll.obstacle() != null && pending.stream().filter(LiveHost::online).allMatch(hosts::isAtHand)) {
            roll = roll.standing(null, null);
        }
        List<LiveHost> known = hosts.known(pending);
        List<LiveHost> lacking = known.stream().filter(hosts::lacks).toList();
        switchOver(known.stream()
                .filter(host -> hosts.isAtHand(host) || (hosts.step(host) == HostStep.Failed && !pauses()))
                .toList());
        if (send == null && !lacking.isEmpty()) {
            bring(lacking);
        }
        boolean complete =
                scene.demand() != Demand.WANTED || (!hosts.any(HostStep.Activated) && hosts.areKnown(lostSightOf()));
        if (pending.isEmpty() && complete) {
            end();
        }
    }

    private void bring(List<LiveHost> lacking) {
        List<LiveHost> able =
                lacking.stream().filter(host -> !HostClock.isRefused(host)).toList();
        if (!able.isEmpty() && mayAsk()) {
            send(PREPARE, able);
        } else if (!pauses() && (able.isEmpty() || scene.bringsBack())) {
            roll = roll.standing(
                    able.isEmpty()
                            ? HostClock.refused(lacking)
                            : "host %s: revision %s does not lie there, and cannot be made again from what its sources say today; declare a release, or stop the instance"
                                    .formatted(names(able), roll.revision()),
                    new RollObstacle(obstacleSince(), null));
        }
    }

    private void end() {
        List<LiveHost> surplus = scene.roster().surplus();
        List<LiveHost> known = hosts.known(surplus);
        if (surplus.isEmpty()) {
            roll = roll.in(RollPhase.Live, null);
        } else if (!known.isEmpty() && !pauses()) {
            send(REMOVE, known);
        }
    }

    /** Says of the hosts that were switched over whether they work. */
    private void prove() {
        for (LiveHost host : hosts.unproved()) {
            HostStatus known = hosts.remembered(host);
            boolean reported = scene.fresh(host).isPresent();
            boolean well = scene.proves() ? Boolean.TRUE.equals(known.ready()) : scene.runsAsItShould(host);
            boolean bad = scene.proves() ? Boolean.FALSE.equals(known.ready()) : reported;
            if (reported && !scene.runsTheRevision(host) && (well || scene.bringsBack())) {
                // The command never came to it: then it is told once more.
                hosts.put(known.prepared());
            } else if (well && reported) {
                hosts.put(known.at(HostStep.Verified, null).answering(scene.proves() ? Boolean.TRUE : null, null));
            } else if (bad) {
                hosts.put(new HostStatus(
                        known.instanceId(),
                        known.state(),
                        known.revision(),
                        HostStep.Failed,
                        known.ready(),
                        known.differs(),
                        Objects.requireNonNullElse(known.message(), "it does not run as it should")));
            } else {
                // Whether it is away, since then it is waited for.
                List<LiveHost> _ = hosts.known(List.of(host));
            }
        }
    }

    /** One first of all; then as many as may be away at the same time. */
    private void switchOver(List<LiveHost> wanted) {
        boolean canary = scene.roster().selected().stream().noneMatch(host -> hosts.step(host) == HostStep.Verified);
        int out =
                hosts.in(HostStep.Activated).size() + hosts.in(HostStep.Failed).size();
        if (wanted.isEmpty() || (canary && out > 0)) {
            return;
        }
        List<LiveHost> dispensable = hosts.dispensable(wanted, canary ? 1 : mostAway(), out);
        if (!dispensable.isEmpty()) {
            boolean back = hosts.isBelow(dispensable.getFirst());
            send(
                    back ? ROLLBACK : ACTIVATE,
                    dispensable.stream()
                            .filter(host -> hosts.isBelow(host) == back)
                            .toList());
        }
    }

    private int mostAway() {
        return Math.max(1, scene.maxUnavailable());
    }

    private void takeBack() {
        String before = roll.servingRevision();
        if (before == null || before.equals(roll.revision())) {
            fail(
                    before == null
                            ? "; it is left as it is, since nothing ran before"
                            : "; no other revision ran there before, so the host is left as it is");
            return;
        }
        List<LiveHost> open = hosts.where(known -> RollHosts.isTouched(known) && known.step() != HostStep.TakenBack);
        List<LiveHost> known = hosts.known(open);
        List<LiveHost> toSend = known.stream().filter(scene::runsTheRevision).toList();
        List<LiveHost> down = toSend.stream()
                .filter(host -> hosts.step(host) != HostStep.Verified)
                .toList();
        if (!down.isEmpty()) {
            send(ROLLBACK, down);
            return;
        }
        known.stream()
                .filter(host -> !toSend.contains(host))
                .forEach(host -> hosts.put(hosts.remembered(host).at(HostStep.TakenBack, null)));
        List<LiveHost> taken = hosts.in(HostStep.TakenBack);
        List<LiveHost> unclear = taken.stream()
                .filter(host -> scene.proves() && hosts.remembered(host).ready() == null)
                .toList();
        if (unclear.stream().anyMatch(LiveHost::online)) {
            return;
        }
        List<LiveHost> bad = taken.stream()
                .filter(host -> !unclear.contains(host) && !hosts.isWellAgain(host))
                .toList();
        if (bad.isEmpty() && !toSend.isEmpty()) {
            // What was proved goes back, too, but no more of it at a time than may be away.
            int out = unclear.size() + open.size() - known.size();
            List<LiveHost> dispensable = hosts.dispensable(toSend, mostAway(), out);
            if (!dispensable.isEmpty()) {
                send(ROLLBACK, dispensable);
            }
            return;
        }
        if (hosts.areKnown(Stream.concat(open.stream(), unclear.stream()).toList())) {
            fail(
                    taken.isEmpty()
                            ? "; nothing was switched over"
                            : bad.isEmpty()
                                    ? "; revision %s was started again there and works".formatted(before)
                                    : "; revision %s was started again, but does not work on %s"
                                            .formatted(before, names(bad)));
        }
    }

    private void fail(String what) {
        roll = roll.in(RollPhase.Failed, Objects.requireNonNullElse(roll.message(), "") + what);
    }

    private String firstFailure() {
        return hosts.in(HostStep.Failed).stream()
                .map(host -> "host %s: %s"
                        .formatted(host.instanceId(), hosts.remembered(host).message()))
                .collect(Collectors.joining("; "));
    }

    /** Hosts that are still to be switched over. */
    private List<LiveHost> pending() {
        return concerned().stream().filter(this::isPending).toList();
    }

    private boolean isPending(LiveHost host) {
        HostStep step = hosts.step(host);
        if (scene.demand() != Demand.WANTED) {
            // The others get the newer one when this one is over.
            return scene.demand() == Demand.REPLACED
                    && host.online()
                    && (step == HostStep.Prepared || (scene.bringsBack() && hosts.isAtHand(host)));
        }
        return switch (step) {
            case null -> roll.restarts() || !scene.runsAsItShould(host);
            case Prepared -> true;
            case Failed -> hosts.areBackInPart() && !scene.runsTheRevision(host);
            case Activated, Verified, TakenBack -> false;
        };
    }

    /** A roll that mends was not begun for hosts of which nothing is known, and does not wait for them. */
    private List<LiveHost> concerned() {
        boolean mends = roll.kind() == RollKind.Scale || roll.kind() == RollKind.Repair;
        return scene.roster().selected().stream()
                .filter(host -> !mends || host.online() || hosts.step(host) != null)
                .toList();
    }

    /** Hosts that a repair was begun for, or would have been, and that are silent now: nobody has mended them. */
    private List<LiveHost> lostSightOf() {
        return scene.roster().selected().stream()
                .filter(host -> roll.kind() == RollKind.Repair && !host.online())
                .filter(host -> Boolean.TRUE.equals(hosts.remembered(host).differs()))
                .toList();
    }

    private void send(String verb, List<LiveHost> to) {
        send = new HostCommandStatus(
                verb,
                "%s.%d.%d".formatted(scene.uid(), roll.number(), roll.sent() + 1),
                null,
                to.stream().map(LiveHost::instanceId).toList(),
                scene.now());
    }
}
