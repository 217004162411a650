package dev.lightkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.flow.AsTold;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @Property(seed = "20261128")
    @AddLifecycleHook(AsTold.class)
    void aRunComesUpToATenthLaterAndNeverEarlier(
            @ForAll @IntRange(min = 1, max = 3600) int seconds,
            @ForAll @DoubleRange(max = 1, maxIncluded = false) double drawn) {
        assertThat(schedule(drawn).delay(NOW, NOW.plusSeconds(seconds)))
                .isBetween(Duration.ofSeconds(seconds), Duration.ofMillis(seconds * 1100L));
    }

    @Test
    void aDelayIsNeverZeroAndNeverForEver() {
        assertThat(schedule(0.9).delay(NOW, NOW.minusSeconds(5))).isPositive().isLessThan(Duration.ofSeconds(1));
        assertThat(schedule(0).delay(NOW, NOW.plusSeconds(5))).isEqualTo(Duration.ofSeconds(5));
        assertThat(schedule(0).delay(NOW, Instant.MAX)).isEqualTo(Duration.ofHours(1));
    }

    private static Schedule schedule(double drawn) {
        return new Schedule(new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new UnsupportedOperationException();
            }

            @Override
            public double nextDouble() {
                return drawn;
            }
        });
    }
}
