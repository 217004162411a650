package dev.lightkeeper.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.Observed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

@NullUnmarked
class CommandsUnderWayTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Commands.Result SUCCESS = new Commands.Result("Success", 0, "{}", null);
    private static final Commands.Result RUNNING = new Commands.Result("InProgress", -1, null, null);

    private final CommandsUnderWay<String> commands =
            new CommandsUnderWay<>(Duration.ofSeconds(5), Duration.ofMinutes(2));
    private final List<String> looks = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private Observed<Map<String, Commands.Result>> results = new Observed.Present<>(Map.of());

    private void collectAfter(Duration time) {
        commands.collect(
                asked -> {
                    looks.add(asked.commandId());
                    return results;
                },
                (asked, host, result) -> told.add(
                        "%s %s %s".formatted(asked.question(), host, result == null ? "silent" : result.details())),
                NOW.plus(time));
    }

    @Test
    void eachHostIsHeardOnceAndTheOthersAreAwaited() {
        commands.began("c-1", NOW, "logs", List.of("i-1", "i-2"));
        results = new Observed.Present<>(Map.of("i-1", SUCCESS, "i-2", RUNNING));
        collectAfter(Duration.ofSeconds(5));
        assertThat(told).containsExactly("logs i-1 Success");
        assertThat(commands.awaited(asked -> asked.question().equals("logs"))).containsExactly("i-2");
        assertThat(commands.awaited(asked -> asked.question().equals("inspect")))
                .isEmpty();

        results = new Observed.Present<>(Map.of("i-1", SUCCESS, "i-2", SUCCESS));
        collectAfter(Duration.ofSeconds(10));
        assertThat(told).containsExactly("logs i-1 Success", "logs i-2 Success");
        collectAfter(Duration.ofSeconds(15));
        assertThat(looks).as("nothing is under way any more").hasSize(2);
    }

    @Test
    void awsIsNotAskedMoreOftenHoweverManyLook() {
        commands.began("c-1", NOW, "logs", List.of("i-1"));
        collectAfter(Duration.ofSeconds(5));
        collectAfter(Duration.ofSeconds(6));
        collectAfter(Duration.ofSeconds(9));
        assertThat(looks).hasSize(1);
        collectAfter(Duration.ofSeconds(10));
        assertThat(looks).hasSize(2);
    }

    @Test
    void aHostThatIsSilentForTooLongIsGivenUp() {
        commands.began("c-1", NOW, "logs", List.of("i-1"));
        results = new Observed.Unknown<>(new Failure.Throttled("Rate exceeded"));
        collectAfter(Duration.ofSeconds(119));
        assertThat(told).isEmpty();
        collectAfter(Duration.ofSeconds(124));
        assertThat(told).containsExactly("logs i-1 silent");
        assertThat(commands.awaited(asked -> true)).isEmpty();
    }
}
