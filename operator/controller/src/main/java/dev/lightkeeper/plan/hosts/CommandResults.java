package dev.lightkeeper.plan.hosts;

import dev.lightkeeper.api.v1alpha1.HostCommandStatus;
import dev.lightkeeper.api.v1alpha1.HostStatus;
import dev.lightkeeper.api.v1alpha1.HostStep;
import dev.lightkeeper.api.v1alpha1.RollKind;
import dev.lightkeeper.api.v1alpha1.RollObstacle;
import dev.lightkeeper.api.v1alpha1.RollPhase;
import dev.lightkeeper.api.v1alpha1.RollStatus;
import dev.lightkeeper.observe.HostOutcome;
import dev.lightkeeper.observe.HostProblem;
import dev.lightkeeper.observe.LiveCommand;
import dev.lightkeeper.observe.LiveHost;
import dev.lightkeeper.observe.Observed;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What became of the command that was outstanding, once it has ended on every host. */
final class CommandResults {
    private static final String BUSY = "Busy";

    private final RollScene scene;
    private final HostCommandStatus command;
    private final List<HostStatus> hosts;
    private final List<String> problems = new ArrayList<>();
    private final Set<String> refused = new HashSet<>();
    private boolean blamesTheRelease;
    private boolean again;

    private CommandResults(RollScene scene, HostCommandStatus command) {
        this.scene = scene;
        this.command = command;
        hosts = new ArrayList<>(scene.hosts());
    }

    /**
     * What is known now.
     *
     * @param roll with the command, while it has not ended
     * @param paused what was sent has to be sent once more, but not at once
     */
    record Settled(RollStatus roll, List<HostStatus> hosts, boolean paused) {
        private Settled(RollStatus roll, List<HostStatus> hosts) {
            this(roll, hosts, false);
        }
    }

    static Settled settle(RollScene scene) {
        HostCommandStatus command = scene.roll().command();
        if (command == null) {
            return new Settled(scene.roll(), scene.hosts());
        }
        return switch (scene.live().command()) {
            case Observed.Unknown<LiveCommand> ignored -> new Settled(scene.roll(), scene.hosts());
            case Observed.Absent<LiveCommand> ignored -> unsent(scene, command);
            case Observed.Present<LiveCommand>(LiveCommand found) ->
                new CommandResults(scene, command.known(found.commandId())).ended(found);
        };
    }

    /** Nobody is told twice: only what is certain not to have been sent is forgotten. */
    private static Settled unsent(RollScene scene, HostCommandStatus command) {
        Instant visible =
                Objects.requireNonNullElse(command.sentTime(), scene.now()).plus(scene.effectVisible());
        boolean certain = command.commandId() == null && !scene.now().isBefore(visible);
        return new Settled(certain ? scene.roll().with(null) : scene.roll(), scene.hosts());
    }

    private Settled ended(LiveCommand found) {
        for (String instanceId : command.instanceIds()) {
            if (outcome(found, instanceId) instanceof HostOutcome.Running) {
                return new Settled(scene.roll().with(command), scene.hosts());
            }
        }
        command.instanceIds().forEach(instanceId -> apply(instanceId, outcome(found, instanceId)));
        RollStatus roll = scene.roll().with(null);
        if (changes()) {
            // A status has whole seconds: what was read within this one may be older than the change.
            roll = roll.changed(scene.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(1));
        }
        if (!problems.isEmpty()) {
            return new Settled(isFailure(roll) ? failed(roll) : standing(roll), hosts);
        }
        if (!again && roll.phase() == RollPhase.Preflight) {
            roll = roll.in(RollPhase.Preparing, null);
        } else if (!again && !changes() && roll.obstacle() != null) {
            roll = roll.standing(null, null);
        }
        return new Settled(roll, hosts, again);
    }

    private boolean changes() {
        return !command.verb().equals(RollRules.INSPECT) && !command.verb().equals(RollRules.PREPARE);
    }

    /** A missing host is made up for in a roll of its own, as often as it takes. */
    private boolean isFailure(RollStatus roll) {
        if (scene.bringsBack() && roll.phase() == RollPhase.Rolling) {
            // One host that cannot have it says nothing against what others ran.
            return blamesTheRelease
                    && scene.roster().selected().stream().allMatch(host -> refused.contains(host.instanceId()));
        }
        return blamesTheRelease || changes() || roll.kind() == RollKind.Scale;
    }

    /** The hosts are asked again after about as long as it has been so already. */
    private RollStatus standing(RollStatus roll) {
        RollObstacle known = roll.obstacle();
        Instant now = scene.now().truncatedTo(ChronoUnit.SECONDS);
        Instant since = known == null || known.since() == null ? now : known.since();
        Duration lasted = Duration.between(since, now);
        Duration pause = lasted.compareTo(scene.firstPause()) < 0 ? scene.firstPause() : lasted;
        Duration bounded = pause.compareTo(scene.longestPause()) > 0 ? scene.longestPause() : pause;
        return roll.standing(String.join("; ", problems), new RollObstacle(since, now.plus(bounded)));
    }

    /** Before the first host is switched over there is nothing to take back. */
    private RollStatus failed(RollStatus roll) {
        String why = String.join("; ", problems);
        return roll.phase() == RollPhase.Rolling
                ? roll.in(RollPhase.TakingBack, why)
                : roll.in(RollPhase.Failed, why + "; nothing was switched over");
    }

    /** What an instance that is gone did with it is of no interest. */
    private HostOutcome outcome(LiveCommand found, String instanceId) {
        boolean there =
                scene.live().host(instanceId).filter(LiveHost::isRunning).isPresent();
        HostOutcome told = found.on(instanceId);
        return there || !(told instanceof HostOutcome.Running)
                ? told
                : new HostOutcome.NotRun("the instance does not run");
    }

    private void apply(String instanceId, HostOutcome outcome) {
        switch (outcome) {
            case HostOutcome.Running ignored -> {}
            case HostOutcome.Done(List<HostProblem> found) -> {
                found.forEach(problem -> note(instanceId, problem));
                if (found.isEmpty()) {
                    put(instanceId, reached(), null);
                }
            }
            case HostOutcome.Failed(String code, String message) -> {
                if (code.equals(BUSY)) {
                    again = true;
                } else {
                    failed(instanceId, new HostProblem(code, message));
                }
            }
            case HostOutcome.NotRun(String why) -> unanswered(instanceId, "did not reach it", why);
            case HostOutcome.MayHaveRun(String why) -> mayHaveRun(instanceId, why);
        }
    }

    private @Nullable HostStep reached() {
        return switch (command.verb()) {
            case RollRules.PREPARE -> HostStep.Prepared;
            case RollRules.ACTIVATE -> HostStep.Activated;
            case RollRules.ROLLBACK ->
                scene.roll().phase() == RollPhase.TakingBack ? HostStep.TakenBack : HostStep.Activated;
            default -> null;
        };
    }

    private void note(String instanceId, HostProblem problem) {
        refused.add(instanceId);
        problems.add("host %s: %s".formatted(instanceId, problem.text()));
        blamesTheRelease |= HostCode.blamesTheRelease(problem.code());
    }

    private void failed(String instanceId, HostProblem why) {
        switch (command.verb()) {
            case RollRules.INSPECT, RollRules.PREPARE, RollRules.REMOVE -> note(instanceId, why);
            default -> {
                boolean back = scene.roll().phase() == RollPhase.TakingBack;
                if (!back && new RollHosts(scene).areBackInPart()) {
                    note(instanceId, why);
                }
                hosts.replaceAll(known -> known.instanceId().equals(instanceId)
                        ? known.at(back ? HostStep.TakenBack : HostStep.Failed, why.text())
                        : known);
            }
        }
    }

    /** Of what changes something the host itself, and its answers, tell. */
    private void mayHaveRun(String instanceId, String why) {
        if (command.verb().equals(RollRules.ACTIVATE) || command.verb().equals(RollRules.ROLLBACK)) {
            put(instanceId, reached(), null);
        } else {
            unanswered(instanceId, "did not end in time", why);
        }
    }

    /**
     * It is sent once more. Before anything is changed people are told what that waits for; that a host is away, they are
     * told anyway.
     */
    private void unanswered(String instanceId, String what, String why) {
        boolean away = scene.live().host(instanceId).filter(LiveHost::online).isEmpty();
        if (changes() || away) {
            again = true;
        } else {
            note(instanceId, new HostProblem(why, command.verb() + " " + what));
        }
    }

    private void put(String instanceId, @Nullable HostStep step, @Nullable String why) {
        if (step != null) {
            hosts.replaceAll(known -> !known.instanceId().equals(instanceId)
                    ? known
                    : step == HostStep.Prepared ? known.prepared() : known.at(step, why));
        }
    }
}
