package dev.lightkeeper.simulators.aws.host;

import dev.lightkeeper.simulators.aws.SimulatorClock;
import dev.lightkeeper.simulators.aws.application.LogLine;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Ships what runs on a host and prints, as the CloudWatch agent does: every few seconds, each line once. */
final class LogAgent {
    private static final Duration FLUSH = Duration.ofSeconds(5);

    private final SimulatorClock clock;
    private final Supplier<@Nullable Map<String, List<LogLine>>> printed;
    private final BiConsumer<Instant, String> sink;
    private final Map<String, Integer> shipped = new HashMap<>();

    /**
     * An agent that has shipped nothing.
     *
     * @param printed all lines so far by what printed them; null once the host is gone
     */
    LogAgent(
            SimulatorClock clock,
            Supplier<@Nullable Map<String, List<LogLine>>> printed,
            BiConsumer<Instant, String> sink) {
        this.clock = clock;
        this.printed = printed;
        this.sink = sink;
    }

    void ship() {
        Map<String, List<LogLine>> all = printed.get();
        if (all == null) {
            return;
        }
        shipped.keySet().retainAll(all.keySet());
        all.forEach((source, lines) -> {
            int known = Math.min(shipped.getOrDefault(source, 0), lines.size());
            lines.subList(known, lines.size()).stream()
                    .filter(line -> !line.message().isEmpty())
                    .forEach(line -> sink.accept(line.timestamp(), line.message()));
            shipped.put(source, lines.size());
        });
        clock.schedule(FLUSH, this::ship);
    }
}
