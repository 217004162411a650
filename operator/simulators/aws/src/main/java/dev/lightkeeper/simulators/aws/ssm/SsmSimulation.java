package dev.lightkeeper.simulators.aws.ssm;

import dev.lightkeeper.simulators.aws.SimulatorClock;
import dev.lightkeeper.simulators.aws.ec2.Ec2Simulation;
import dev.lightkeeper.simulators.aws.host.Hosts;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** SSM in one world: its API, and what a test or a person can see and do without the API. */
public final class SsmSimulation implements AutoCloseable {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Place> places = new HashMap<>();
    private final ParameterWrites writes;
    private final RunCommand commands;
    private final SsmApi api;
    private final String defaultAccount;

    /**
     * Creates a world without parameters and commands.
     *
     * @param clock simulated time
     * @param timings how long commands take to be seen and to be delivered
     * @param ec2 the instances that commands are sent to
     * @param hosts the machines that scripts run on
     * @param defaultAccount whose regions {@link #in(String)} means
     * @param random for ciphertexts and identifiers
     */
    public SsmSimulation(
            SimulatorClock clock,
            CommandTimings timings,
            Ec2Simulation ec2,
            Hosts hosts,
            String defaultAccount,
            Random random) {
        this.defaultAccount = defaultAccount;
        writes = new ParameterWrites(clock, random);
        commands = new RunCommand(clock, timings, ec2, hosts, random);
        api = new SsmApi(this, writes, commands);
    }

    /** {@return what clients call} */
    public SsmApi api() {
        return api;
    }

    /**
     * {@return the parameters of the default account in a region}
     *
     * @param region such as {@code eu-central-1}
     */
    public ParameterControl in(String region) {
        return in(defaultAccount, region);
    }

    /**
     * {@return the parameters of an account in a region}
     *
     * @param account twelve digits
     * @param region such as {@code eu-central-1}
     */
    public ParameterControl in(String account, String region) {
        return new ParameterControl(this, writes, account, region);
    }

    /**
     * {@return the commands of the default account in a region}
     *
     * @param region such as {@code eu-central-1}
     */
    public CommandControl commands(String region) {
        return commands(defaultAccount, region);
    }

    /**
     * {@return the commands of an account in a region}
     *
     * @param account twelve digits
     * @param region such as {@code eu-central-1}
     */
    public CommandControl commands(String account, String region) {
        return new CommandControl(commands, account, region);
    }

    /**
     * Waits until no script runs, which takes real time whatever the clock. What is not delivered is not waited for.
     *
     * @param longest how long, in real time
     * @return whether none runs
     */
    public boolean awaitScripts(Duration longest) {
        return commands.awaitScripts(longest);
    }

    /** Ends all scripts. */
    @Override
    public void close() {
        commands.close();
    }

    <T> T locked(String account, String region, Function<Place, T> action) {
        lock.lock();
        try {
            return action.apply(places.computeIfAbsent(account + "/" + region, key -> new Place(account, region)));
        } finally {
            lock.unlock();
        }
    }
}
