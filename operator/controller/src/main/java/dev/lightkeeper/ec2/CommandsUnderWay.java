package dev.lightkeeper.ec2;

import dev.lightkeeper.observe.Observed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Commands to hosts of one account and region that only ask, and what came of which is taken later. Not safe for use by
 * many threads.
 *
 * @param <Q> what was asked
 */
final class CommandsUnderWay<Q> {
    private final Duration every;
    private final Duration longest;
    private List<Asked<Q>> open = new ArrayList<>();
    private Instant lookedAt = Instant.MIN;

    /**
     * With none under way.
     *
     * @param every how often AWS is asked what came of them, at most
     * @param longest a host that has not answered for so long never will
     */
    CommandsUnderWay(Duration every, Duration longest) {
        this.every = every;
        this.longest = longest;
    }

    /** A command, and which of its hosts have not answered. */
    record Asked<Q>(String commandId, Instant at, Q question, Set<String> hosts) {}

    /** Takes what came of a command on one host. */
    @FunctionalInterface
    interface Taker<Q> {
        /** {@code result} is null when nothing did for too long. */
        void take(Asked<Q> asked, String host, Commands.@Nullable Result result);
    }

    void began(String commandId, Instant at, Q question, Collection<String> hosts) {
        open.add(new Asked<>(commandId, at, question, Set.copyOf(hosts)));
    }

    /** Hosts that may still answer one of these. */
    Set<String> awaited(Predicate<Asked<Q>> which) {
        return open.stream()
                .filter(which)
                .flatMap(asked -> asked.hosts().stream())
                .collect(Collectors.toSet());
    }

    /**
     * Looks what has come of them.
     *
     * @param results what came of a command on those of its hosts that have not answered
     * @param taker hears of each host once
     */
    void collect(Function<Asked<Q>, Observed<Map<String, Commands.Result>>> results, Taker<Q> taker, Instant now) {
        if (open.isEmpty() || now.isBefore(lookedAt.plus(every))) {
            return;
        }
        lookedAt = now;
        List<Asked<Q>> left = new ArrayList<>();
        for (Asked<Q> asked : open) {
            Set<String> silent = new HashSet<>(asked.hosts());
            if (results.apply(asked)
                    instanceof Observed.Present<Map<String, Commands.Result>>(Map<String, Commands.Result> told)) {
                told.forEach((host, result) -> {
                    if (result.hasEnded() && silent.remove(host)) {
                        taker.take(asked, host, result);
                    }
                });
            }
            if (now.isBefore(asked.at().plus(longest))) {
                left.add(new Asked<>(asked.commandId(), asked.at(), asked.question(), silent));
            } else {
                silent.forEach(host -> taker.take(asked, host, null));
            }
        }
        left.removeIf(asked -> asked.hosts().isEmpty());
        open = left;
    }
}
