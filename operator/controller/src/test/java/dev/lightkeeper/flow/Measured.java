package dev.lightkeeper.flow;

import static org.assertj.core.api.Assertions.assertThat;

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
 * @param serving images at the end, on hosts those of each host
 * @param seen at the end
 * @param events reasons, those of warnings with an exclamation mark
 * @param complaints how many different ones, one after the other, without those that the AwsAccount tells
 * @param transitions condition to how often its status moved
 * @param everDegraded Degraded was True at some time
 * @param calls of AWS that changed something, on hosts what they were told
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
        return seen.conditionColumns();
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

    /** Whether they are counted from when AWS said that the release is ACTIVE, or the first host was told to run it. */
    public boolean isCountedFromLive() {
        return zero == Trial.Counted.ACTIVE || zero == Trial.Counted.FIRST_HOST;
    }

    /** How often the status of a condition moved. */
    public int moves(String type) {
        return transitions.getOrDefault(type, 0);
    }

    /** Every complaint was told once, every change of AWS once, and no condition went back and forth. */
    public void assertCalm() {
        assertThat(warnings()).as("warnings %s", events).isEqualTo(complaints);
        assertThat(moves("Degraded")).as("moves of Degraded").isLessThanOrEqualTo(2);
        assertThat(moves("Stalled")).as("moves of Stalled").isLessThanOrEqualTo(2);
        assertThat(moves("Ready")).as("moves of Ready").isLessThanOrEqualTo(5);
        assertThat(moves("Available")).as("moves of Available").isLessThanOrEqualTo(5);
    }
}
