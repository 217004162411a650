package dev.lightkeeper.simulators.aws.ec2;

import dev.lightkeeper.simulators.aws.http.ApiError;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a person, or fate, does to the instances of one account and region, past every client that is watched. Nothing of
 * it is in the audit log. Unknown ids throw AWS's {@link ApiError}.
 */
public final class Ec2Control {
    private final Ec2World world;
    private final Launches launches;
    private final Lifecycle lifecycle;
    private final String account;
    private final String region;

    Ec2Control(Ec2World world, Launches launches, Lifecycle lifecycle, String account, String region) {
        this.world = world;
        this.launches = launches;
        this.lifecycle = lifecycle;
        this.account = account;
        this.region = region;
    }

    /** {@return all instances as they really are, in the order of their launch} */
    public List<InstanceView> instances() {
        return world.locked(
                account,
                region,
                place -> place.instances.values().stream().map(Instance::view).toList());
    }

    /**
     * {@return an instance as it really is}
     *
     * @param id of the instance
     */
    public InstanceView instance(String id) {
        return world.locked(account, region, place -> find(place, id).view());
    }

    /**
     * Launches an instance that comes up as all do: it runs and its agent registers only later.
     *
     * @param tags by key
     * @return its id
     */
    public String launch(Map<String, String> tags) {
        return world.locked(account, region, place -> launches.byHand(place, tags).id);
    }

    /**
     * Makes an instance that runs and whose agent answers already.
     *
     * @param tags by key
     * @return its id
     */
    public String running(Map<String, String> tags) {
        return world.locked(account, region, place -> {
            Instance instance = launches.byHand(place, tags);
            instance.agent = instance.agent.started(world.clock.now().minus(Duration.ofHours(1)), world.timings);
            lifecycle.running(instance);
            instance.agent =
                    new Agent(instance.agent.version(), instance.agent.registeredAt(), world.clock.now(), null, false);
            instance.show(world.clock.now());
            return instance.id;
        });
    }

    /**
     * Starts a stopped instance.
     *
     * @param id of the instance
     */
    public void start(String id) {
        act(id, instance -> {
            if (instance.state != InstanceState.STOPPED) {
                throw new ApiError(
                        400,
                        "IncorrectInstanceState",
                        "The instance '" + id + "' is not in a state from which it can be started.");
            }
            lifecycle.pending(instance, Duration.ZERO);
        });
    }

    /**
     * Stops an instance.
     *
     * @param id of the instance
     */
    public void stop(String id) {
        act(id, instance -> lifecycle.stop(instance, Duration.ZERO));
    }

    /**
     * Terminates an instance, whether it is protected or not.
     *
     * @param id of the instance
     */
    public void terminate(String id) {
        act(id, instance -> lifecycle.terminate(instance, Duration.ZERO));
    }

    /**
     * Sets a tag, or removes it.
     *
     * @param id of the instance
     * @param key of the tag
     * @param value of the tag; null to remove it
     */
    public void tag(String id, String key, @Nullable String value) {
        act(id, instance -> {
            var _ = value == null ? instance.tags.remove(key) : instance.tags.put(key, value);
        });
    }

    /**
     * Switches termination protection.
     *
     * @param id of the instance
     * @param isProtected whether the API may not terminate it
     */
    public void protect(String id, boolean isProtected) {
        act(id, instance -> instance.isProtected = isProtected);
    }

    /**
     * Lets the status checks of an instance fail, or pass.
     *
     * @param id of the instance
     * @param impaired whether they fail
     */
    public void impaired(String id, boolean impaired) {
        act(id, instance -> instance.impaired = impaired);
    }

    /**
     * The agent cannot reach SSM any more, though the instance runs.
     *
     * @param id of the instance
     */
    public void agentOffline(String id) {
        act(id, instance -> instance.agent = instance.agent.offline(world.clock.now()));
    }

    /**
     * The agent can reach SSM again.
     *
     * @param id of the instance
     */
    public void agentOnline(String id) {
        act(id, instance -> instance.agent = instance.agent.online(world.clock.now()));
    }

    /**
     * Sets the version of the agent.
     *
     * @param id of the instance
     * @param version such as {@code 3.1.0.0}
     */
    public void agentVersion(String id, String version) {
        act(id, instance -> instance.agent = instance.agent.withVersion(version));
    }

    /**
     * Removes the agent: SSM does not know the instance any more.
     *
     * @param id of the instance
     */
    public void agentRemoved(String id) {
        act(id, instance -> instance.agent = instance.agent.without());
    }

    /**
     * Refuses launches and starts, because AWS has no machine left.
     *
     * @param refused whether it does
     */
    public void refuseCapacity(boolean refused) {
        var _ = world.locked(account, region, place -> place.outOfCapacity = refused);
    }

    /**
     * Accepts the next launch and lets it fail afterwards: its instances go from pending to terminated.
     *
     * @param reasonCode such as {@code Server.InsufficientInstanceCapacity}
     */
    public void failNextLaunch(String reasonCode) {
        var _ = world.locked(account, region, place -> place.nextFailure = reasonCode);
    }

    /**
     * Sets the quota of instances that are not terminated.
     *
     * @param instances how many
     */
    public void instanceLimit(int instances) {
        var _ = world.locked(account, region, place -> place.instanceLimit = instances);
    }

    private void act(String id, Consumer<Instance> action) {
        boolean _ = world.locked(account, region, place -> {
            Instance instance = find(place, id);
            action.accept(instance);
            instance.show(world.clock.now());
            return true;
        });
    }

    private static Instance find(Place place, String id) {
        Instance instance = place.instances.get(id);
        if (instance == null) {
            throw Refusals.notFound(List.of(id));
        }
        return instance;
    }
}
