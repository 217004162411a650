package dev.lightkeeper.act;

import dev.lightkeeper.act.CloudWriter.Answer;
import dev.lightkeeper.act.Results.Done;
import dev.lightkeeper.act.Results.Failed;
import dev.lightkeeper.act.Results.Outcome;
import dev.lightkeeper.act.Results.Skipped;
import dev.lightkeeper.api.v1alpha1.AutomaticAct;
import dev.lightkeeper.api.v1alpha1.AutomaticActKind;
import dev.lightkeeper.api.v1alpha1.HostCommandStatus;
import dev.lightkeeper.api.v1alpha1.OperationStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RollKind;
import dev.lightkeeper.api.v1alpha1.RollStatus;
import dev.lightkeeper.api.v1alpha1.RolloutPhase;
import dev.lightkeeper.api.v1alpha1.RolloutStatus;
import dev.lightkeeper.api.v1alpha1.TargetStatus;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.plan.Action;
import dev.lightkeeper.plan.HostRolls;
import dev.lightkeeper.plan.Memory;
import dev.lightkeeper.plan.Operations;
import dev.lightkeeper.plan.Plan;
import dev.lightkeeper.plan.Timings;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Does the first action of a plan that is not held back: writes the intent of what cannot be repeated, calls once, remembers the answer. */
public final class Executor {
    private final CloudWriter cloud;
    private final Repeats repeats;
    private final InstantSource clock;

    /**
     * An executor for one kind of target.
     *
     * @param random spreads the repetitions of calls that AWS refused
     */
    public Executor(CloudWriter cloud, Timings timings, InstantSource clock, RandomGenerator random) {
        this.cloud = cloud;
        this.repeats = new Repeats(timings, random);
        this.clock = clock;
    }

    /** Forgets a deleted resource. */
    public void forget(String uid) {
        repeats.forget(uid);
    }

    /** At most one mutation; what is not reached is {@link Skipped}. */
    public Results execute(DesiredState desired, Plan plan, IntentLog log) {
        if (plan.actions().isEmpty()) {
            if (plan.storeRevision()
                    && desired.release() != null
                    && plan.memory().currentRevision() != null) {
                log.storeRevision(plan.memory().currentRevision(), desired.release());
            }
            return new Results(List.of(), plan.memory(), null);
        }
        List<Outcome> outcomes = new ArrayList<>();
        Instant now = clock.instant();
        boolean lacksCapacity = false;
        for (Action action : plan.actions()) {
            boolean told = action instanceof Action.CommandHosts;
            Repeats.Last held = isIntent(action) && !told ? null : repeats.holds(desired, plan, action, now);
            if (held == null && !(lacksCapacity && action instanceof Action.Deploy)) {
                return call(desired, plan, action, outcomes, log);
            }
            // A refusal is told as long as it holds the call back, so that the conditions do not change with each look.
            outcomes.add(
                    held == null || held.failed() == null
                            ? new Skipped(action)
                            : new Failed(action, held.failed().failure()));
            if (held != null && now.isBefore(held.settled())) {
                break;
            }
            lacksCapacity |= held != null && action instanceof Action.UpdateCapacity update && delays(update, held);
        }
        skipRest(plan, outcomes);
        return new Results(outcomes, plan.memory(), null);
    }

    /** A release waits for its capacity; but not for nodes that AWS will not give, unless it needs stronger ones. */
    private static boolean delays(Action.UpdateCapacity update, Repeats.Last held) {
        return !held.isRefusedLastingly() || update.changesPower();
    }

    private Results call(DesiredState desired, Plan plan, Action action, List<Outcome> outcomes, IntentLog log) {
        Memory memory = intend(desired, plan, action);
        boolean allowed = action instanceof Action.Deploy deploy
                ? (plan.baseline() == null || log.storeBaseline(plan.baseline()))
                        && log.storeRevision(deploy.revision(), deploy.release())
                        && log.writeAhead(memory)
                : !isIntent(action) || log.writeAhead(memory);
        Instant calledAt = null;
        if (allowed) {
            Answer answer = cloud.apply(desired, action);
            // Until then the call may have waited for its turn, and one without an answer may have taken effect.
            calledAt = clock.instant();
            repeats.called(desired, plan, action, answer, calledAt);
            outcomes.add(
                    switch (answer) {
                        case Answer.Accepted accepted -> new Done(action, describe(action, accepted));
                        case Answer.Refused refused -> new Failed(action, refused.failure());
                    });
            memory = remember(memory, plan.memory(), action, answer);
        } else {
            outcomes.add(new Skipped(action));
            memory = plan.memory();
        }
        skipRest(plan, outcomes);
        return new Results(outcomes, memory, calledAt);
    }

    private static void skipRest(Plan plan, List<Outcome> outcomes) {
        plan.actions().stream().skip(outcomes.size()).forEach(action -> outcomes.add(new Skipped(action)));
    }

    private static boolean isIntent(Action action) {
        return action instanceof Action.CreateService
                || action instanceof Action.Deploy
                || action instanceof Action.CommandHosts;
    }

    private Memory intend(DesiredState desired, Plan plan, Action action) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return switch (action) {
            case Action.CreateService ignored ->
                plan.memory()
                        .withOperation(
                                new OperationStatus(Operations.CREATE, null, plan.attempt(), now, null, List.of()));
            case Action.Deploy deploy -> {
                Memory intended = plan.memory()
                        .withOperation(new OperationStatus(
                                kind(deploy, plan.memory().rollout()),
                                deploy.revision(),
                                plan.attempt(),
                                now,
                                null,
                                List.of()));
                // The same call made again because its answer was lost is no further act.
                if (desired.spec().runsOnHosts()) {
                    // A roll needs no call to begin: it is begun by being written down.
                    RollKind kind = deploy.automatic() == AutomaticActKind.Repair ? RollKind.Repair : RollKind.Deploy;
                    intended = HostRolls.begin(intended, deploy.revision(), kind, now);
                }
                AutomaticActKind automatic = deploy.automatic();
                yield automatic != null && plan.attempt() == 1
                        ? intended.withAutomaticAct(new AutomaticAct(now, automatic, deploy.revision()))
                        : intended;
            }
            case Action.UpdateCapacity ignored ->
                !desired.spec().runsOnHosts() || plan.memory().currentRevision() == null
                        ? plan.memory()
                        : HostRolls.begin(plan.memory(), plan.memory().currentRevision(), RollKind.Scale, now);
            case Action.CommandHosts command ->
                plan.memory().withRoll(command.roll().sending(command.command()), command.hosts());
            case Action.UpdateAccess ignored -> plan.memory();
            case Action.ChangeTags ignored -> plan.memory();
            case Action.DeleteService ignored -> plan.memory();
        };
    }

    private static String kind(Action.Deploy deploy, @Nullable RolloutStatus rollout) {
        if (deploy.reason() == Reason.RollingBack) {
            return Operations.ROLLBACK;
        }
        return switch (deploy.automatic()) {
            case Repair -> Operations.REPAIR;
            case Rotation ->
                rollout != null && rollout.phase() == RolloutPhase.RollingBack
                        ? Operations.ROTATION
                        : Operations.DEPLOY;
            case Rollback, Retry -> Operations.DEPLOY;
            case null -> Operations.DEPLOY;
        };
    }

    private static Memory remember(Memory intended, Memory planned, Action action, Answer answer) {
        return switch (answer) {
            case Answer.Accepted(String arn, Integer told, String commandId) -> {
                Memory memory = intended;
                RollStatus roll = memory.roll();
                if (action instanceof Action.CommandHosts command && roll != null) {
                    HostCommandStatus sent = command.command();
                    yield memory.withRoll(roll.with(commandId == null ? sent : sent.known(commandId)), memory.hosts());
                }
                Integer version = action instanceof Action.Deploy && told == null && roll != null
                        ? Integer.valueOf(Math.toIntExact(roll.number()))
                        : told;
                TargetStatus target = memory.target();
                if (action instanceof Action.CreateService && arn != null && target != null) {
                    memory = memory.withTarget(new TargetStatus(target.accountId(), target.region(), arn, true));
                }
                OperationStatus operation = memory.operation();
                if (action instanceof Action.Deploy && operation != null && version != null) {
                    memory = memory.withOperation(new OperationStatus(
                                    operation.kind(),
                                    operation.revision(),
                                    operation.attempt(),
                                    operation.startedTime(),
                                    String.valueOf(version),
                                    List.of()))
                            .withRollout(activating(memory.rollout()));
                }
                yield memory;
            }
            case Answer.Refused(Failure.Terminal terminal)
            when action instanceof Action.Deploy deploy && Refusals.isForGood(terminal) ->
                intended.withFailed(Refusals.failed(deploy, terminal, intended.failed()));
            case Answer.Refused(Failure.Conflict ignored) -> planned;
            case Answer.Refused(Failure failure) ->
                action instanceof Action.CommandHosts && !mayHaveBeenSent(failure) ? planned : intended;
        };
    }

    private static boolean mayHaveBeenSent(Failure failure) {
        return failure instanceof Failure.Transient unanswered && unanswered.effectUnknown();
    }

    private static @Nullable RolloutStatus activating(@Nullable RolloutStatus rollout) {
        return rollout == null || rollout.phase() == RolloutPhase.RollingBack
                ? rollout
                : rollout.with(RolloutPhase.Activating, rollout.deadlineTime(), rollout.pausedTime());
    }

    private static String describe(Action action, Answer.Accepted accepted) {
        return accepted.version() == null
                ? action.describe()
                : "%s, version %d".formatted(action.describe(), accepted.version());
    }
}
