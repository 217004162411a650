package dev.lightkeeper.simulators.aws.lightsail;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Utilisation of one service, sampled every five minutes; a new active deployment starts it afresh. */
final class MetricSeries {
    private static final int MOST_SAMPLES = 4_096;

    /**
     * One sample.
     *
     * @param at simulated time
     * @param cpu percent
     * @param memory percent
     */
    record Sample(Instant at, double cpu, double memory) {}

    private final List<Sample> samples = new ArrayList<>();

    void add(Sample sample) {
        if (samples.size() >= MOST_SAMPLES) {
            samples.removeFirst();
        }
        samples.add(sample);
    }

    void clear() {
        samples.clear();
    }

    List<Sample> between(Instant from, Instant until) {
        return samples.stream()
                .filter(s -> !s.at().isBefore(from) && s.at().isBefore(until))
                .toList();
    }
}
