package dev.lightkeeper.telemetry;

import io.prometheus.metrics.core.metrics.Gauge;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Series that are 1 for what holds of an object now; what held before is taken away, so that no old state lingers. */
final class StateSeries {
    private final Gauge gauge;
    private final Map<List<String>, Set<List<String>>> shown = new ConcurrentHashMap<>();

    StateSeries(Gauge gauge) {
        this.gauge = gauge;
    }

    /** From now on exactly {@code states} hold of the object, each a full list of label values. */
    void show(List<String> object, Set<List<String>> states) {
        shown.compute(object, (_, before) -> {
            if (before != null) {
                before.stream().filter(state -> !states.contains(state)).forEach(this::remove);
            }
            states.forEach(
                    state -> gauge.labelValues(state.toArray(String[]::new)).set(1));
            return states.isEmpty() ? null : new HashSet<>(states);
        });
    }

    /** How many objects have states. */
    int objects() {
        return shown.size();
    }

    /** How many states have this label value last. */
    int count(String last) {
        return Math.toIntExact(shown.values().stream()
                .flatMap(Set::stream)
                .filter(state -> state.getLast().equals(last))
                .count());
    }

    void forgetAll() {
        shown.clear();
        gauge.clear();
    }

    private void remove(List<String> state) {
        gauge.remove(state.toArray(String[]::new));
    }
}
