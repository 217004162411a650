package dev.lightkeeper.simulators.aws.logs;

import dev.lightkeeper.simulators.aws.SimulatorClock;
import dev.lightkeeper.simulators.aws.host.CloudLogs;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** CloudWatch Logs in one world: its API, and what agents write into it. */
public final class LogsSimulation {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Place> places = new HashMap<>();
    private final SimulatorClock clock;
    private final Duration ingestion;
    private final String defaultAccount;
    private final LogsApi api;
    private long events;

    /** The log groups of one account in one region. */
    static final class Place {
        final String account;
        final String region;
        final NavigableMap<String, LogGroup> groups = new TreeMap<>();

        Place(String account, String region) {
            this.account = account;
            this.region = region;
        }
    }

    /**
     * Creates a world without logs.
     *
     * @param clock simulated time
     * @param ingestion until reads find a line that was written
     * @param defaultAccount whose regions {@link #in(String)} means
     */
    public LogsSimulation(SimulatorClock clock, Duration ingestion, String defaultAccount) {
        this.clock = clock;
        this.ingestion = ingestion;
        this.defaultAccount = defaultAccount;
        api = new LogsApi(this, clock);
    }

    /** {@return what clients call} */
    public LogsApi api() {
        return api;
    }

    /**
     * {@return the logs of the default account in a region}
     *
     * @param region such as {@code eu-central-1}
     */
    public LogsControl in(String region) {
        return in(defaultAccount, region);
    }

    /**
     * {@return the logs of an account in a region}
     *
     * @param account twelve digits
     * @param region such as {@code eu-central-1}
     */
    public LogsControl in(String account, String region) {
        return new LogsControl(this, clock, ingestion, account, region);
    }

    /** {@return what the log drivers of hosts write into} */
    public CloudLogs ofHosts() {
        return new CloudLogs() {
            @Override
            public boolean open(String account, String region, String group, boolean creates) {
                LogsControl logs = in(account, region);
                if (creates && !logs.has(group)) {
                    logs.group(group, null);
                }
                return logs.has(group);
            }

            @Override
            public void put(String account, String region, String group, String stream, Instant at, String text) {
                in(account, region).put(group, stream, at, text);
            }
        };
    }

    <T> T locked(String account, String region, Function<Place, T> action) {
        lock.lock();
        try {
            return action.apply(places.computeIfAbsent(account + "/" + region, key -> new Place(account, region)));
        } finally {
            lock.unlock();
        }
    }

    /** The number of a new event. Called under the lock. */
    long nextEvent() {
        return ++events;
    }
}
