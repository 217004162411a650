package dev.lightkeeper.plan.hosts;

import dev.lightkeeper.api.v1alpha1.HostCommandStatus;
import dev.lightkeeper.api.v1alpha1.HostStatus;
import dev.lightkeeper.api.v1alpha1.HostStep;
import dev.lightkeeper.api.v1alpha1.RollObstacle;
import dev.lightkeeper.api.v1alpha1.RollPhase;
import dev.lightkeeper.api.v1alpha1.RollStatus;
import dev.lightkeeper.observe.HostReport;
import dev.lightkeeper.observe.LiveHost;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The next step of a roll over hosts: ask all of them, prepare all of them, switch one over and have it proved, then the
 * others; and back where one fails. One command at a time, and none is waited for.
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
    private RollStatus roll;
    private List<HostStatus> hosts;
    private @Nullable HostCommandStatus send;
    private @Nullable String unreachable;
    private @Nullable String needed;

    private RollRules(RollScene scene) {
        this.scene = scene;
        roll = scene.roll();
        hosts = new ArrayList<>(scene.hosts());
    }

    /** What a roll that is under way comes to now. */
    public static RollStep next(RollScene scene) {
        CommandResults.Settled settled = CommandResults.settle(scene);
        RollRules rules = new RollRules(scene.after(settled));
        if (!settled.paused()) {
            rules.step();
        }
        return new RollStep(rules.roll, rules.hosts, rules.send, rules.unreachable, rules.needed);
    }

    private void step() {
        if (roll.command() != null || roll.phase() == null) {
            return;
        }
        boolean untouched = touched().isEmpty() && roll.phase() != RollPhase.Failed && roll.phase() != RollPhase.Live;
        if (scene.superseded() && untouched) {
            roll = roll.in(RollPhase.Superseded, "a newer release is declared");
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
        List<LiveHost> pending = pending();
        if (isUnknown(scene.roster().selected())) {
            return;
        }
        String clocks = HostClock.refused(pending);
        if (clocks != null) {
            roll = roll.standing(clocks, new RollObstacle(obstacleSince(), null));
            return;
        }
        List<LiveHost> lacking = lacking(pending);
        if (lacking.isEmpty()) {
            roll = roll.in(RollPhase.Rolling, null);
            goOn();
        } else if (mayAsk()) {
            send(INSPECT, lacking);
        }
    }

    private void prepare() {
        List<LiveHost> lacking = lacking(pending());
        if (isUnknown(lacking)) {
            return;
        }
        if (!lacking.isEmpty()) {
            if (mayAsk()) {
                send(PREPARE, lacking);
            }
            return;
        }
        roll = roll.in(RollPhase.Rolling, null);
        goOn();
    }

    private Instant obstacleSince() {
        RollObstacle known = roll.obstacle();
        return known == null || known.since() == null ? scene.now().truncatedTo(ChronoUnit.SECONDS) : known.since();
    }

    /** Whether the release can be put together, and hosts in whose way something was have been left alone for long enough. */
    private boolean mayAsk() {
        RollObstacle obstacle = roll.obstacle();
        boolean waits =
                obstacle != null && obstacle.retryTime() != null && scene.now().isBefore(obstacle.retryTime());
        return scene.resolvable() && !waits;
    }

    private void goOn() {
        prove();
        if (any(HostStep.Failed)) {
            begin(firstFailure());
            takeBack();
            return;
        }
        if (any(HostStep.Activated)) {
            return;
        }
        List<LiveHost> pending = pending();
        if (scene.superseded()) {
            // They get the newer one when this one is over.
            pending = pending.stream()
                    .filter(host -> remembered(host).step() == HostStep.Prepared)
                    .toList();
        }
        if (isUnknown(pending)) {
            return;
        }
        if (!lacking(pending).isEmpty()) {
            prepare();
        } else if (!pending.isEmpty()) {
            switchOver(pending);
        } else if (scene.roster().surplus().isEmpty()) {
            roll = roll.in(RollPhase.Live, null);
        } else if (!isUnknown(scene.roster().surplus())) {
            send(REMOVE, scene.roster().surplus());
        }
    }

    /** Says of the hosts that were switched over whether they work. */
    private void prove() {
        for (LiveHost host : in(HostStep.Activated)) {
            HostStatus known = remembered(host);
            boolean reported = scene.fresh(host).isPresent();
            boolean well = scene.proves() ? Boolean.TRUE.equals(known.ready()) : scene.runsAsItShould(host);
            boolean bad = scene.proves() ? Boolean.FALSE.equals(known.ready()) : reported;
            if (well && reported) {
                // What ran before answers well, too, where the command never came to it: then it is told once more.
                put(
                        scene.runsTheRevision(host)
                                ? known.at(HostStep.Verified, null)
                                        .answering(scene.proves() ? Boolean.TRUE : null, null)
                                : known.prepared());
            } else if (bad) {
                put(new HostStatus(
                        known.instanceId(),
                        known.state(),
                        known.revision(),
                        HostStep.Failed,
                        known.ready(),
                        Objects.requireNonNullElse(known.message(), "it does not run as it should")));
            } else if (!host.online()) {
                unreachable = names(List.of(host));
            }
        }
    }

    /** One first of all; then as many as may be away at the same time. Those that do not work come first. */
    private void switchOver(List<LiveHost> pending) {
        boolean canary = scene.roster().selected().stream()
                .noneMatch(host -> remembered(host).step() == HostStep.Verified);
        List<LiveHost> dispensable = dispensable(pending, canary ? 1 : Math.max(1, scene.maxUnavailable()));
        if (!dispensable.isEmpty()) {
            boolean back = isBelow(dispensable.getFirst());
            send(
                    back ? ROLLBACK : ACTIVATE,
                    dispensable.stream().filter(host -> isBelow(host) == back).toList());
        }
    }

    /** So many of these hosts, at most, that enough that work are left. */
    private List<LiveHost> dispensable(List<LiveHost> wanted, int most) {
        List<LiveHost> working = scene.live().hosts().stream()
                .filter(LiveHost::isRunning)
                .filter(this::works)
                .toList();
        int spare = Math.max(0, working.size() - scene.least());
        List<LiveHost> dispensable = Stream.concat(
                        wanted.stream().filter(host -> !works(host)),
                        wanted.stream().filter(this::works).limit(spare))
                .limit(most)
                .toList();
        if (dispensable.isEmpty()) {
            needed = names(working);
        }
        return dispensable;
    }

    /** As far as is known. */
    private boolean works(LiveHost host) {
        return scene.proves()
                ? Boolean.TRUE.equals(remembered(host).ready())
                : scene.lies(host).isPresent();
    }

    private void begin(String why) {
        roll = roll.in(RollPhase.TakingBack, why);
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
        List<LiveHost> touched = touched();
        List<LiveHost> toSend = touched.stream()
                .filter(host -> remembered(host).step() != HostStep.TakenBack)
                .filter(scene::runsTheRevision)
                .toList();
        List<LiveHost> down = toSend.stream()
                .filter(host -> remembered(host).step() != HostStep.Verified)
                .filter(LiveHost::online)
                .toList();
        if (!down.isEmpty()) {
            send(ROLLBACK, down);
            return;
        }
        if (isUnknown(touched)) {
            return;
        }
        for (LiveHost host : touched) {
            HostStatus known = remembered(host);
            if (known.step() != HostStep.TakenBack && !toSend.contains(host)) {
                put(known.at(HostStep.TakenBack, null));
            }
        }
        List<LiveHost> taken = in(HostStep.TakenBack);
        if (scene.proves() && taken.stream().anyMatch(host -> remembered(host).ready() == null)) {
            return;
        }
        List<LiveHost> bad = taken.stream().filter(host -> !isWellAgain(host)).toList();
        if (bad.isEmpty() && !toSend.isEmpty()) {
            // What was proved goes back, too, but no more of it at a time than may be away.
            List<LiveHost> dispensable = dispensable(toSend, Math.max(1, scene.maxUnavailable()));
            if (!dispensable.isEmpty()) {
                send(ROLLBACK, dispensable);
            }
            return;
        }
        fail(
                taken.isEmpty()
                        ? "; nothing was switched over"
                        : bad.isEmpty()
                                ? "; revision %s was started again there and works".formatted(before)
                                : "; revision %s was started again, but does not work on %s"
                                        .formatted(before, names(bad)));
    }

    private boolean isWellAgain(LiveHost host) {
        return scene.proves()
                ? Boolean.TRUE.equals(remembered(host).ready())
                : scene.lies(host)
                        .filter(installed -> Objects.equals(installed.revision(), roll.servingRevision()))
                        .isPresent();
    }

    private void fail(String what) {
        roll = roll.in(RollPhase.Failed, Objects.requireNonNullElse(roll.message(), "") + what);
    }

    private String firstFailure() {
        return in(HostStep.Failed).stream()
                .map(host -> "host %s: %s"
                        .formatted(host.instanceId(), remembered(host).message()))
                .collect(Collectors.joining("; "));
    }

    /** Hosts whose revision was changed by this roll, or may have been. */
    private List<LiveHost> touched() {
        return where(known -> known.step() != null && known.step() != HostStep.Prepared);
    }

    /** Hosts that are still to be switched over. */
    private List<LiveHost> pending() {
        return scene.roster().selected().stream()
                .filter(host -> {
                    HostStep step = remembered(host).step();
                    return step == null ? roll.restarts() || !scene.runsAsItShould(host) : step == HostStep.Prepared;
                })
                .toList();
    }

    /** Those of them that the release has to be brought to. */
    private List<LiveHost> lacking(List<LiveHost> pending) {
        return pending.stream()
                .filter(host -> remembered(host).step() == null && !isBelow(host))
                .toList();
    }

    /** Whether the revision is what the host ran before, so that it need only go back. */
    private boolean isBelow(LiveHost host) {
        return scene.lies(host)
                .filter(installed -> roll.revision().equals(installed.previous()))
                .map(HostReport.Installed::revision)
                .filter(current -> !current.equals(roll.revision()))
                .isPresent();
    }

    /** Whether nothing may be done yet, since it is not known of each of them how it stands. */
    private boolean isUnknown(List<LiveHost> wanted) {
        List<LiveHost> away = wanted.stream().filter(host -> !host.online()).toList();
        if (!away.isEmpty()) {
            unreachable = names(away);
        }
        return !away.isEmpty()
                || wanted.stream().anyMatch(host -> scene.fresh(host).isEmpty());
    }

    private boolean any(HostStep step) {
        return !in(step).isEmpty();
    }

    private List<LiveHost> in(HostStep step) {
        return where(known -> known.step() == step);
    }

    private List<LiveHost> where(Predicate<HostStatus> wanted) {
        return scene.live().hosts().stream()
                .filter(LiveHost::isRunning)
                .filter(host -> wanted.test(remembered(host)))
                .toList();
    }

    private HostStatus remembered(LiveHost host) {
        return Roster.remembered(hosts, host.instanceId());
    }

    private void put(HostStatus changed) {
        hosts.replaceAll(known -> known.instanceId().equals(changed.instanceId()) ? changed : known);
    }

    private void send(String verb, List<LiveHost> to) {
        send = new HostCommandStatus(
                verb,
                "%s.%d.%d".formatted(scene.uid(), roll.number(), roll.sent() + 1),
                null,
                to.stream().map(LiveHost::instanceId).toList(),
                scene.now());
    }

    static String names(List<LiveHost> hosts) {
        return hosts.stream().map(LiveHost::instanceId).sorted().collect(Collectors.joining(", "));
    }
}
