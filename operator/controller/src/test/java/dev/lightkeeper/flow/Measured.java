package dev.lightkeeper.flow;

import dev.lightkeeper.api.v1alpha1.Condition;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a trial of a release has shown.
 *
 * @param zero from when seconds are counted
 * @param told the first reason that was complained with, empty where nothing was
 * @param detected after so many seconds
 * @param rollbackOrdered after so many seconds
 * @param verified Ready after so many seconds
 * @param serving images at the end
 * @param seen at the end
 * @param events reasons, those of warnings with an exclamation mark
 * @param complaints how many different ones, one after the other, without those that the AwsAccount tells
 * @param transitions condition to how often its status moved
 * @param everDegraded Degraded was True at some time
 * @param calls of AWS that changed something
 */
public record Measured(
        Trial.Counted zero,
        String told,
        Optional<Long> detected,
        Optional<Long> rollbackOrdered,
        Optional<Long> verified,
        List<String> serving,
        Scene.Seen seen,
        List<String> events,
        int complaints,
        Map<String, Integer> transitions,
        boolean everDegraded,
        List<String> calls) {
    /** Ready, Reconciling, Stalled, Degraded and Available, as {@link Scene} writes them. */
    public String conditions() {
        return String.join(" | ", seen.columns().subList(0, 5));
    }

    /** What Stalled, or else Ready, says at the end. */
    public String message() {
        return seen.condition("Stalled")
                .or(() -> seen.condition("Ready"))
                .map(Condition::message)
                .orElse("");
    }

    /** How many of the events are warnings. */
    public long warnings() {
        return events.stream().filter(event -> event.endsWith("!")).count();
    }

    /** From when seconds are counted, in words. */
    public String counted() {
        return zero.words;
    }

    /** Whether they are counted from when AWS said that the release is ACTIVE. */
    public boolean isCountedFromActive() {
        return zero == Trial.Counted.ACTIVE;
    }

    /** How often the status of a condition moved. */
    public int moves(String type) {
        return transitions.getOrDefault(type, 0);
    }
}
