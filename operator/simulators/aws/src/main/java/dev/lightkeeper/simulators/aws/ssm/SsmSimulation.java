package dev.lightkeeper.simulators.aws.ssm;

import dev.lightkeeper.simulators.aws.SimulatorClock;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** SSM in one world: its API, and what a test or a person can see and do without the API. */
public final class SsmSimulation {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Place> places = new HashMap<>();
    private final ParameterWrites writes;
    private final SsmApi api;
    private final String defaultAccount;

    /**
     * Creates a world without parameters.
     *
     * @param clock simulated time
     * @param defaultAccount whose regions {@link #in(String)} means
     * @param random for ciphertexts
     */
    public SsmSimulation(SimulatorClock clock, String defaultAccount, Random random) {
        this.defaultAccount = defaultAccount;
        writes = new ParameterWrites(clock, random);
        api = new SsmApi(this, writes);
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

    <T> T locked(String account, String region, Function<Place, T> action) {
        lock.lock();
        try {
            return action.apply(places.computeIfAbsent(account + "/" + region, key -> new Place(account, region)));
        } finally {
            lock.unlock();
        }
    }
}
