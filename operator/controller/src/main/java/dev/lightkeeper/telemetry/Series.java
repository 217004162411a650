package dev.lightkeeper.telemetry;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The series of one metric, by the values of its labels. Each is exposed from when it is first asked for until it is
 * removed.
 *
 * @param <T> what takes the values of one series
 */
final class Series<T> {
    private final MeterRegistry registry;
    private final Function<List<String>, Exposed<T>> expose;
    private final Map<List<String>, Exposed<T>> exposed = new ConcurrentHashMap<>();

    /** One series; a gauge of Micrometer asks for its value, so that what takes it is another object. */
    record Exposed<T>(Meter meter, T taker) {}

    Series(MeterRegistry registry, Function<List<String>, Exposed<T>> expose) {
        this.registry = registry;
        this.expose = expose;
    }

    T with(String... labels) {
        return exposed.computeIfAbsent(List.of(labels), expose).taker();
    }

    void remove(String... labels) {
        remove(List.of(labels));
    }

    void removeIf(Predicate<List<String>> unwanted) {
        exposed.keySet().stream().filter(unwanted).forEach(this::remove);
    }

    void clear() {
        removeIf(_ -> true);
    }

    private void remove(List<String> labels) {
        var _ = exposed.computeIfPresent(labels, (_, series) -> {
            var _ = registry.remove(series.meter());
            return null;
        });
    }
}
