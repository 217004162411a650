package dev.lightkeeper.simulators.aws.ec2;

import dev.lightkeeper.simulators.aws.ec2.InstanceView.StateReason;
import dev.lightkeeper.simulators.aws.host.Hosts;
import java.time.Duration;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How instances change their state, at once and later. All methods are called under the lock of the world. */
final class Lifecycle {
    private final Ec2World world;
    private final Hosts hosts;
    private final Random random;

    Lifecycle(Ec2World world, Hosts hosts, Random random) {
        this.world = world;
        this.hosts = hosts;
        this.random = random;
    }

    void pending(Instance instance, Duration shownAfter) {
        enter(instance, InstanceState.PENDING, null, shownAfter);
        later(instance, world.timings.pending(), this::running);
    }

    /** A launch that was accepted, and then was not possible. */
    void failing(Instance instance, String reasonCode, Duration shownAfter) {
        enter(instance, InstanceState.PENDING, null, shownAfter);
        StateReason reason = new StateReason(reasonCode, reasonCode + ": The launch failed.");
        later(instance, world.timings.pending(), failed -> terminated(failed, reason));
    }

    void running(Instance instance) {
        instance.runningSince = world.clock.now();
        instance.publicIp = "198.51.100." + (1 + random.nextInt(254));
        instance.agent = instance.agent.started(world.clock.now(), world.timings);
        enter(instance, InstanceState.RUNNING, null, Duration.ZERO);
        world.afterwards(() -> hosts.powered(instance.id, true));
    }

    void stop(Instance instance, Duration shownAfter) {
        if (instance.state == InstanceState.STOPPED || instance.state == InstanceState.STOPPING) {
            return;
        }
        down(
                instance,
                InstanceState.STOPPING,
                new StateReason(
                        "Client.UserInitiatedShutdown", "Client.UserInitiatedShutdown: User initiated shutdown"),
                shownAfter);
        later(
                instance,
                world.timings.stopping(),
                stopped -> enter(stopped, InstanceState.STOPPED, stopped.reason, Duration.ZERO));
    }

    void terminate(Instance instance, Duration shownAfter) {
        if (instance.state == InstanceState.SHUTTING_DOWN || instance.state == InstanceState.TERMINATED) {
            return;
        }
        StateReason reason = new StateReason(
                "Client.UserInitiatedShutdown", "Client.UserInitiatedShutdown: User initiated shutdown");
        down(instance, InstanceState.SHUTTING_DOWN, reason, shownAfter);
        later(instance, world.timings.shuttingDown(), dead -> terminated(dead, reason));
    }

    private void terminated(Instance instance, StateReason reason) {
        enter(instance, InstanceState.TERMINATED, reason, Duration.ZERO);
        world.afterwards(() -> hosts.remove(instance.id));
        later(instance, world.timings.shownTerminated(), this::forget);
    }

    private void forget(Instance instance) {
        instance.place.instances.remove(instance.id);
        instance.place
                .launches
                .values()
                .removeIf(launched -> launched.instanceIds().stream().noneMatch(instance.place.instances::containsKey));
    }

    private void down(Instance instance, InstanceState state, StateReason reason, Duration shownAfter) {
        instance.runningSince = null;
        instance.publicIp = null;
        enter(instance, state, reason, shownAfter);
        world.afterwards(() -> hosts.powered(instance.id, false));
    }

    private void enter(Instance instance, InstanceState state, @Nullable StateReason reason, Duration shownAfter) {
        instance.state = state;
        instance.reason = reason;
        instance.changes++;
        instance.show(world.clock.now().plus(shownAfter));
    }

    private void later(Instance instance, Duration delay, Consumer<Instance> change) {
        int changes = instance.changes;
        world.clock.schedule(delay, () -> {
            boolean _ = world.locked(instance.place.account, instance.place.region, place -> {
                if (instance.changes == changes) {
                    change.accept(instance);
                }
                return true;
            });
        });
    }
}
