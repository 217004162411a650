package dev.lightkeeper.simulators.aws.ec2;

import dev.lightkeeper.simulators.aws.SimulatorClock;
import dev.lightkeeper.simulators.aws.host.Hosts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** EC2 in one world: its API, and what a test or a person can see and do without the API. */
public final class Ec2Simulation {
    private final Ec2World world;
    private final Launches launches;
    private final Lifecycle lifecycle;
    private final Ec2Api api;
    private final String defaultAccount;

    /**
     * Creates a world without instances.
     *
     * @param clock simulated time
     * @param timings how long things take
     * @param hosts the machines behind the instances; told when one is switched on or off
     * @param defaultAccount whose regions {@link #in(String)} means
     * @param random for identifiers
     */
    public Ec2Simulation(SimulatorClock clock, Ec2Timings timings, Hosts hosts, String defaultAccount, Random random) {
        this.defaultAccount = defaultAccount;
        world = new Ec2World(clock, timings);
        lifecycle = new Lifecycle(world, hosts, random);
        launches = new Launches(world, lifecycle, random);
        api = new Ec2Api(world, launches, lifecycle);
    }

    /** {@return what clients call} */
    public Ec2Api api() {
        return api;
    }

    /**
     * {@return a region of the default account}
     *
     * @param region such as {@code eu-central-1}
     */
    public Ec2Control in(String region) {
        return in(defaultAccount, region);
    }

    /**
     * {@return a region of an account}
     *
     * @param account twelve digits
     * @param region such as {@code eu-central-1}
     */
    public Ec2Control in(String account, String region) {
        return new Ec2Control(world, launches, lifecycle, account, region);
    }

    /** {@return all instances in all accounts and regions as they really are} */
    public List<InstanceView> instances() {
        return world.instances();
    }

    /**
     * {@return the instances of an account in a region as they really are, whatever reads show}
     *
     * @param account twelve digits
     * @param region such as {@code eu-central-1}
     */
    public List<InstanceView> instances(String account, String region) {
        return in(account, region).instances();
    }

    /**
     * {@return the instances as reads showed them}
     *
     * @param account twelve digits
     * @param region such as {@code eu-central-1}
     * @param at simulated time
     */
    public List<InstanceView> instances(String account, String region, Instant at) {
        return world.locked(account, region, place -> InstanceReads.shown(place, at));
    }

    /** {@return from an agent's last sign of life until it counts as lost} */
    public Duration pingTimeout() {
        return world.timings.pingTimeout();
    }
}
