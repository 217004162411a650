package dev.lightkeeper.simulators.aws.ssm;

import dev.lightkeeper.simulators.aws.SimulatorClock;
import dev.lightkeeper.simulators.aws.ec2.InstanceState;
import dev.lightkeeper.simulators.aws.ec2.InstanceView;
import dev.lightkeeper.simulators.aws.host.Hosts;
import dev.lightkeeper.simulators.aws.host.Shell;
import dev.lightkeeper.simulators.aws.host.Shell.Execution;
import dev.lightkeeper.simulators.aws.ssm.Invocation.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Brings commands to agents and their results back. Everything but the scripts takes simulated time; a script takes real
 * time, on a thread of its own. All methods but the run itself are called under the lock of {@link RunCommand}.
 */
final class CommandDelivery {
    private final RunCommand commands;
    private final SimulatorClock clock;
    private final CommandTimings timings;
    private final Hosts hosts;

    CommandDelivery(RunCommand commands, SimulatorClock clock, CommandTimings timings, Hosts hosts) {
        this.commands = commands;
        this.clock = clock;
        this.timings = timings;
        this.hosts = hosts;
    }

    void accept(Command command) {
        later(timings.delivery(), command, this::begin);
        later(timings.retention(), command, (place, old) -> {
            var _ = place.commands.remove(old.key);
        });
    }

    /** Withdraws what was not delivered; asks for the end of what runs, which goes on nevertheless. */
    boolean cancel(Command command, List<String> instanceIds) {
        boolean changed = false;
        for (Invocation invocation : command.invocations.values()) {
            if (instanceIds.isEmpty() || instanceIds.contains(invocation.instanceId)) {
                InvocationStatus before = invocation.status();
                if (before.isWaiting()) {
                    invocation.become(InvocationStatus.CANCELLED, clock.now());
                } else if (before == InvocationStatus.IN_PROGRESS) {
                    invocation.become(InvocationStatus.CANCELLING, clock.now());
                }
                changed |= before != invocation.status();
            }
        }
        return changed;
    }

    private interface Step {
        void take(CommandPlace place, Command command);
    }

    private void later(Duration delay, Command command, Step step) {
        clock.schedule(delay, () -> {
            boolean _ = commands.locked(command.account, command.region, place -> {
                step.take(place, command);
                return true;
            });
        });
    }

    private void begin(CommandPlace place, Command command) {
        Instant now = clock.now();
        if (!command.request.targets().isEmpty()) {
            for (InstanceView instance : place.instances()) {
                if (place.takesCommands(instance, now) && isTarget(instance, command.request.targets())) {
                    Invocation invocation = new Invocation(instance.id(), now);
                    if (place.denied.contains(instance.id())) {
                        invocation.become(InvocationStatus.ACCESS_DENIED, now);
                    }
                    command.invocations.put(instance.id(), invocation);
                }
            }
            if (command.invocations.isEmpty()) {
                command.emptySince = now;
            }
        }
        proceed(place, command);
    }

    private static boolean isTarget(InstanceView instance, Map<String, List<String>> targets) {
        return targets.entrySet().stream().allMatch(target -> switch (target.getKey()) {
            case "InstanceIds" -> target.getValue().contains(instance.id());
            case "tag-key" ->
                target.getValue().stream().anyMatch(key -> instance.tags().containsKey(key));
            default -> {
                String value = instance.tags().get(target.getKey().substring("tag:".length()));
                yield value != null && target.getValue().contains(value);
            }
        });
    }

    /** Delivers to as many instances as may run at once, and comes back for those that do not answer. */
    private void proceed(CommandPlace place, Command command) {
        Instant now = clock.now();
        int most = command.request.concurrency(command.invocations.size());
        for (Invocation invocation : command.invocations.values()) {
            if (!invocation.status().isWaiting()) {
                continue;
            }
            long running = command.statuses(now).stream()
                    .filter(InvocationStatus::isRunning)
                    .count();
            if (command.hasTooManyErrors(now)) {
                invocation.become(InvocationStatus.TERMINATED, now);
            } else if (running < most) {
                attempt(place, command, invocation, now);
            }
        }
        if (!command.retrying && command.statuses(now).contains(InvocationStatus.DELAYED)) {
            command.retrying = true;
            Duration left = Duration.between(now, command.deliveryDeadline());
            later(left.compareTo(timings.retry()) < 0 ? left : timings.retry(), command, (again, same) -> {
                same.retrying = false;
                proceed(again, same);
            });
        }
    }

    private void attempt(CommandPlace place, Command command, Invocation invocation, Instant now) {
        InstanceView instance = place.instance(invocation.instanceId);
        if (instance == null
                || instance.state() == InstanceState.SHUTTING_DOWN
                || instance.state() == InstanceState.TERMINATED) {
            invocation.become(InvocationStatus.UNDELIVERABLE, now);
        } else if (!now.isBefore(command.deliveryDeadline())) {
            invocation.become(InvocationStatus.DELIVERY_TIMED_OUT, now);
        } else if (instance.isReachable(now)) {
            invocation.begin(now, instance.runningSince());
            commands.run(() -> run(command, invocation));
        } else if (invocation.status() != InvocationStatus.DELAYED) {
            invocation.become(InvocationStatus.DELAYED, now);
        }
    }

    private void run(Command command, Invocation invocation) {
        Shell shell = hosts.shell(invocation.instanceId, command.account, command.region);
        Execution execution = shell.run(command.request.script(), command.request.executionTimeout());
        boolean _ = commands.locked(command.account, command.region, place -> {
            report(place, command, invocation, execution);
            return true;
        });
    }

    /** The agent tells the result as soon as it can; after a restart of its instance it has forgotten it. */
    private void report(CommandPlace place, Command command, Invocation invocation, Execution execution) {
        Instant now = clock.now();
        Progress progress = invocation.progress();
        Instant started = Objects.requireNonNullElse(progress.startedAt(), now);
        InstanceView instance = place.instance(invocation.instanceId);
        if (instance != null
                && instance.isReachable(now)
                && Objects.equals(instance.runningSince(), progress.bootedAt())) {
            if (execution.timedOut()) {
                invocation.end(
                        InvocationStatus.EXECUTION_TIMED_OUT,
                        now,
                        Invocation.NO_CODE,
                        execution.standardOutput(),
                        execution.standardError());
            } else {
                invocation.end(
                        execution.exitCode() == 0 ? InvocationStatus.SUCCESS : InvocationStatus.FAILED,
                        now,
                        execution.exitCode(),
                        execution.standardOutput(),
                        execution.standardError());
            }
            proceed(place, command);
        } else if (now.isBefore(started.plus(command.request.executionTimeout()))) {
            later(timings.retry(), command, (later, same) -> report(later, same, invocation, execution));
        } else {
            invocation.become(InvocationStatus.EXECUTION_TIMED_OUT, now);
            proceed(place, command);
        }
    }
}
