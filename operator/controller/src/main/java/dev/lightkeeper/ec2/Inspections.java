package dev.lightkeeper.ec2;

import dev.lightkeeper.aws.AccountSession;
import dev.lightkeeper.aws.AwsAnswer;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.HostReport;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.plan.Timings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
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
        this.patience = timings.transitionLook().dividedBy(3);
        this.lost = timings.observationStale();
    }

    private record Told(Instant readAt, Duration clockAhead, Map<String, HostReport.Installed> services) {}

    private record Asked(String commandId, Instant at, Set<String> hosts) {}

    /** What is known of one account and region. All but what was told is guarded by the lock. */
    private static final class Place {
        private final ReentrantLock lock = new ReentrantLock();
        private final ConcurrentMap<String, Told> told = new ConcurrentHashMap<>();
        private final Map<String, Instant> wanted = new TreeMap<>();
        private final List<Asked> asked = new ArrayList<>();

        /** Hosts that cannot be asked or whose answer cannot be read, and until when they are left alone. */
        private final Map<String, Instant> resting = new HashMap<>();

        private @Nullable Instant lookedAt;
        private volatile Failure.@Nullable Denied denied;
    }

    /**
     * Reports of some hosts, by instance; one that has not told yet, or too long ago, is left out.
     *
     * @param online hosts that can be asked
     * @param after what was read before this moment is out of date for the asker; null when anything recent does
     */
    Map<String, HostReport> of(
            AccountSession session, String region, Set<String> online, @Nullable Instant after, String service) {
        Place place = places.computeIfAbsent(session.account() + " " + region, key -> new Place());
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
        collect(place, session, region, now);
        place.resting.values().removeIf(until -> !now.isBefore(until));
        Set<String> outdated = new TreeSet<>();
        online.stream()
                .filter(host -> isOutdated(place.told.get(host), after, now))
                .forEach(outdated::add);
        place.asked.forEach(asked -> {
            if (after == null || asked.at().isAfter(after)) {
                outdated.removeAll(asked.hosts());
            }
        });
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

    /** Takes what has come of the commands that are under way. */
    private void collect(Place place, AccountSession session, String region, Instant now) {
        if (place.asked.isEmpty()
                || (place.lookedAt != null && now.isBefore(place.lookedAt.plus(patience.dividedBy(2))))) {
            return;
        }
        place.lookedAt = now;
        List<Asked> open = new ArrayList<>();
        for (Asked asked : place.asked) {
            Set<String> left = new HashSet<>(asked.hosts());
            if (commands.results(session, region, asked.commandId(), left::contains)
                    instanceof Observed.Present<Map<String, Commands.Result>>(Map<String, Commands.Result> results)) {
                results.forEach((host, result) -> {
                    if (result.hasEnded()) {
                        left.remove(host);
                        take(place, host, asked, result, now);
                    }
                });
            }
            if (!left.isEmpty() && now.isBefore(asked.at().plus(lifetime.multipliedBy(2)))) {
                open.add(new Asked(asked.commandId(), asked.at(), left));
            }
        }
        place.asked.clear();
        place.asked.addAll(open);
    }

    private Duration clockAhead(Asked asked, Commands.Result result, HostResponse response) {
        Instant requestedAt = result.requestedAt();
        Duration lasted = timings.atAws(Duration.between(asked.at(), clock.instant()));
        return requestedAt == null
                ? Duration.ZERO
                : response.time()
                        .map(told -> ClockOffset.of(told, requestedAt, lasted))
                        .orElse(Duration.ZERO);
    }

    private void take(Place place, String host, Asked asked, Commands.Result result, Instant now) {
        Optional<HostResponse> response = HostResponse.read(result.output()).filter(HostResponse::isDone);
        if (response.isPresent()) {
            HostResponse told = response.get();
            place.told.merge(
                    host, new Told(asked.at(), clockAhead(asked, result, told), told.services()), Inspections::later);
        } else {
            place.resting.put(host, now.plus(lifetime));
        }
    }

    /** Hosts do not answer in the order in which they were asked. */
    private static Told later(Told one, Told other) {
        return other.readAt().isBefore(one.readAt()) ? one : other;
    }

    /** Who is asked at all is asked together with all others that will soon have to be. */
    private void ask(Place place, AccountSession session, String region, Set<String> outdated, Instant now) {
        Set<String> hosts = new TreeSet<>(outdated);
        place.wanted.keySet().stream()
                .filter(host -> !hosts.contains(host) && !place.resting.containsKey(host))
                .filter(host ->
                        place.asked.stream().noneMatch(asked -> asked.hosts().contains(host)))
                .filter(host -> isOutdated(place.told.get(host), null, now.plus(lifetime.dividedBy(2))))
                .forEach(hosts::add);
        if (!(script.commands(ScriptRequest.of("inspect"))
                instanceof HostScript.Commands.Fitting(List<String> lines))) {
            return;
        }
        commands.ask(
                session, region, List.copyOf(hosts), "inspect", lines, Commands.MAY_ANSWER, (batch, answer) -> {
                    switch (answer) {
                        case AwsAnswer.Answered<String>(String id) -> {
                            place.denied = null;
                            place.asked.add(new Asked(id, now, Set.copyOf(batch)));
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
