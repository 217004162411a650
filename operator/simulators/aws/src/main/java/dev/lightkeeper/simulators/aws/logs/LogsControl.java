package dev.lightkeeper.simulators.aws.logs;

import dev.lightkeeper.simulators.aws.SimulatorClock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What agents and people do to the logs of one account and region past the API. Nothing of it is in the audit log. */
public final class LogsControl {
    private static final Pattern GROUP = Pattern.compile("[\\.\\-_/#A-Za-z0-9]{1,512}");
    private static final Pattern STREAM = Pattern.compile("[^:*]{1,512}");

    private final LogsSimulation simulation;
    private final SimulatorClock clock;
    private final Duration ingestion;
    private final String account;
    private final String region;

    LogsControl(LogsSimulation simulation, SimulatorClock clock, Duration ingestion, String account, String region) {
        this.simulation = simulation;
        this.clock = clock;
        this.ingestion = ingestion;
        this.account = account;
        this.region = region;
    }

    /**
     * A log group without its lines, which may hold secrets.
     *
     * @param name of the group
     * @param streams names of its streams
     * @param events how many there are
     */
    public record GroupView(String name, List<String> streams, int events) {}

    /** {@return all groups, by name} */
    public List<GroupView> groups() {
        return simulation.locked(
                account,
                region,
                place -> place.groups.values().stream()
                        .map(group -> new GroupView(
                                group.name,
                                List.copyOf(group.streams.keySet()),
                                group.streams.values().stream()
                                        .mapToInt(stream -> stream.events.size())
                                        .sum()))
                        .toList());
    }

    boolean has(String group) {
        return simulation.locked(account, region, place -> place.groups.containsKey(group));
    }

    /**
     * Makes a group without streams, unless it exists.
     *
     * @param group its name
     * @param retentionDays how long lines are kept; null for ever
     */
    public void group(String group, @Nullable Integer retentionDays) {
        boolean _ = simulation.locked(account, region, place -> {
            find(place, group).retentionDays = retentionDays;
            return true;
        });
    }

    /**
     * Writes a line as an agent does, which also makes group and stream. Reads find it only after ingestion.
     *
     * @param group such as {@code /shop/production}
     * @param stream such as {@code web/i-0123456789abcdef0}
     * @param message not empty
     */
    public void put(String group, String stream, String message) {
        put(group, stream, clock.now(), message);
    }

    /**
     * Writes a line with a timestamp of its own.
     *
     * @param group such as {@code /shop/production}
     * @param stream such as {@code web/i-0123456789abcdef0}
     * @param timestamp when it was written on its host
     * @param message not empty
     */
    public void put(String group, String stream, Instant timestamp, String message) {
        if (!STREAM.matcher(stream).matches() || message.isEmpty()) {
            throw new IllegalArgumentException("A stream needs a name without : and *, and a message some text");
        }
        boolean _ = simulation.locked(account, region, place -> {
            Instant now = clock.now();
            LogEvent event = new LogEvent(
                    stream,
                    timestamp.truncatedTo(ChronoUnit.MILLIS),
                    simulation.nextEvent(),
                    now.plus(ingestion),
                    message);
            find(place, group).add(event, now);
            return true;
        });
    }

    /**
     * Deletes a group with all that is in it.
     *
     * @param group its name
     */
    public void delete(String group) {
        boolean _ = simulation.locked(account, region, place -> place.groups.remove(group) != null);
    }

    /**
     * Lets FilterLogEvents begin with a page that has a token and no events, as AWS sometimes does.
     *
     * @param group its name
     * @param empty whether it does
     */
    public void emptyFirstPage(String group, boolean empty) {
        boolean _ = simulation.locked(account, region, place -> find(place, group).emptyFirstPage = empty);
    }

    private LogGroup find(LogsSimulation.Place place, String name) {
        if (!GROUP.matcher(name).matches()) {
            throw new IllegalArgumentException("No name of a log group: " + name);
        }
        return place.groups.computeIfAbsent(
                name,
                missing -> new LogGroup(
                        missing, "arn:aws:logs:" + region + ":" + account + ":log-group:" + missing, clock.now()));
    }
}
