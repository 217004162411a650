package dev.lightkeeper.ec2;

import dev.lightkeeper.aws.AccountSession;
import dev.lightkeeper.aws.AwsAnswer;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.HostReport;
import dev.lightkeeper.plan.Timings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What hosts tell of all that runs on them. One command asks every host of an account and region that any resource has
 * asked for lately, and its answers serve all of them; nobody waits for it. What is in memory may be lost at any time.
 */
final class Inspections {
    /** A command is delivered, and may then run for its time: after as long again it will not be answered. */
    private static final Duration LONGEST = Commands.MAY_ANSWER.multipliedBy(2);

    private final Commands commands;
    private final HostScript script;
    private final Timings timings;
    private final Clock clock;
    private final Duration lifetime;
    private final Duration patience;
    private final Duration lost;
    private final ConcurrentMap<String, Place> places = new ConcurrentHashMap<>();

    Inspections(Commands commands, HostScript script, Timings timings, Clock clock) {
        this.commands = commands;
        this.script = script;
        this.timings = timings;
        this.clock = clock;
        this.lifetime = timings.steadyLook().multipliedBy(2);
        this.patience = timings.transitionLook().dividedBy(6);
        // However fast AWS is simulated, a host takes its time to tell.
        this.lost = timings.observationStale().compareTo(LONGEST) < 0 ? LONGEST : timings.observationStale();
    }

    private record Told(Instant readAt, Duration clockAhead, Map<String, HostReport.Installed> services) {}

    private enum Question {
        ALL_SERVICES
    }

    /** What is known of one account and region. All but what was told is guarded by the lock. */
    private static final class Place {
        private final ReentrantLock lock = new ReentrantLock();
        private final ConcurrentMap<String, Told> told = new ConcurrentHashMap<>();
        private final Map<String, Instant> wanted = new TreeMap<>();
        private final CommandsUnderWay<Question> asked;

        /** Hosts that cannot be asked or whose answer cannot be read, and until when they are left alone. */
        private final Map<String, Instant> resting = new HashMap<>();

        private volatile Failure.@Nullable Denied denied;

        private Place(CommandsUnderWay<Question> asked) {
            this.asked = asked;
        }
    }

    /**
     * Reports of some hosts, by instance; one that has not told yet, or too long ago, is left out.
     *
     * @param online hosts that can be asked
     * @param after what was read before this moment is out of date for the asker; null when anything recent does
     */
    Map<String, HostReport> of(
            AccountSession session, String region, Set<String> online, @Nullable Instant after, String service) {
        Place place = places.computeIfAbsent(
                session.account() + " " + region, key -> new Place(new CommandsUnderWay<>(patience, LONGEST)));
        Instant now = clock.instant();
        // Who comes while another asks takes what is known: one host that hangs holds up nobody.
        if (place.lock.tryLock()) {
            try {
                refresh(place, session, region, online, after, now);
            } finally {
                place.lock.unlock();
            }
        }
        Map<String, HostReport> reports = new TreeMap<>();
        for (String host : online) {
            Told told = place.told.get(host);
            if (told != null && now.isBefore(told.readAt().plus(lost))) {
                reports.put(
                        host,
                        new HostReport(
                                told.readAt(),
                                told.clockAhead(),
                                told.services().get(service)));
            }
        }
        return reports;
    }

    /** Why hosts may not be asked, as AWS said last; empty when they may. */
    Optional<Failure.Denied> denied(AccountSession session, String region) {
        Place place = places.get(session.account() + " " + region);
        return Optional.ofNullable(place == null ? null : place.denied);
    }

    private void refresh(
            Place place,
            AccountSession session,
            String region,
            Set<String> online,
            @Nullable Instant after,
            Instant now) {
        online.forEach(host -> place.wanted.put(host, now));
        Instant forgotten = now.minus(lifetime.multipliedBy(2));
        place.wanted.values().removeIf(at -> at.isBefore(forgotten));
        place.told.keySet().retainAll(place.wanted.keySet());
        place.asked.collect(
                asked -> commands.results(session, region, asked.commandId(), asked.hosts()::contains),
                (asked, host, result) -> take(place, host, asked.at(), result, now),
                now);
        place.resting.values().removeIf(until -> !now.isBefore(until));
        Set<String> outdated = new TreeSet<>();
        online.stream()
                .filter(host -> isOutdated(place.told.get(host), after, now))
                .forEach(outdated::add);
        outdated.removeAll(
                place.asked.awaited(asked -> after == null || asked.at().isAfter(after)));
        outdated.removeAll(place.resting.keySet());
        if (!outdated.isEmpty()) {
            ask(place, session, region, outdated, now);
        }
    }

    private boolean isOutdated(@Nullable Told told, @Nullable Instant after, Instant now) {
        return told == null
                || !now.isBefore(told.readAt().plus(lifetime))
                || (after != null && !told.readAt().isAfter(after));
    }

    private Duration clockAhead(Instant askedAt, Commands.Result result, HostResponse response) {
        Instant requestedAt = result.requestedAt();
        Duration lasted = timings.atAws(Duration.between(askedAt, clock.instant()));
        return requestedAt == null
                ? Duration.ZERO
                : response.time()
                        .map(told -> ClockOffset.of(told, requestedAt, lasted))
                        .orElse(Duration.ZERO);
    }

    private void take(Place place, String host, Instant askedAt, Commands.@Nullable Result result, Instant now) {
        if (result == null) {
            return;
        }
        HostResponse.read(result.output())
                .filter(HostResponse::isDone)
                .ifPresentOrElse(
                        told -> place.told.merge(
                                host,
                                new Told(askedAt, clockAhead(askedAt, result, told), told.services()),
                                Inspections::later),
                        () -> place.resting.put(host, now.plus(lifetime)));
    }

    /** Hosts do not answer in the order in which they were asked. */
    private static Told later(Told one, Told other) {
        return other.readAt().isBefore(one.readAt()) ? one : other;
    }

    /** Who is asked at all is asked together with all others that will soon have to be. */
    private void ask(Place place, AccountSession session, String region, Set<String> outdated, Instant now) {
        Set<String> hosts = new TreeSet<>(outdated);
        Set<String> awaited = place.asked.awaited(asked -> true);
        place.wanted.keySet().stream()
                .filter(host -> !hosts.contains(host) && !place.resting.containsKey(host))
                .filter(host -> !awaited.contains(host))
                .filter(host -> isOutdated(place.told.get(host), null, now.plus(lifetime.dividedBy(2))))
                .forEach(hosts::add);
        if (!(script.commands(ScriptRequest.of("inspect"))
                instanceof HostScript.Commands.Fitting(List<String> lines))) {
            return;
        }
        Commands.Question question = new Commands.Question("inspect", lines, Commands.MAY_ANSWER);
        commands.ask(session, region, List.copyOf(hosts), question, (batch, answer) -> {
            switch (answer) {
                case AwsAnswer.Answered<String>(String id) -> {
                    place.denied = null;
                    place.asked.began(id, now, Question.ALL_SERVICES, batch);
                }
                case AwsAnswer.Failed<String>(Failure.Denied denied) -> {
                    place.denied = denied;
                    batch.forEach(host -> place.resting.put(host, now.plus(lifetime)));
                }
                // Of one host only: the others were asked without it.
                case AwsAnswer.Failed<String>(Failure.Conflict _) ->
                    batch.forEach(host -> place.resting.put(host, now.plus(lifetime.dividedBy(2))));
                case AwsAnswer.Failed<String> ignored -> {}
            }
        });
    }
}
