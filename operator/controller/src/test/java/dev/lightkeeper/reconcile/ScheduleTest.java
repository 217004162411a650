package dev.lightkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @Property
    void aLookMovesByATenthAtMost(
            @ForAll @IntRange(max = 100_000) int seconds,
            @ForAll @DoubleRange(max = 1, maxIncluded = false) double drawn) {
        Instant next = schedule(drawn).next(NOW, NOW.plusSeconds(seconds), null);

        assertThat(next).isBetween(NOW.plusMillis(seconds * 900L), NOW.plusMillis(seconds * 1100L));
    }

    @Property
    void aProbeOnlyComesEarlier(
            @ForAll @IntRange(max = 100_000) int seconds,
            @ForAll @DoubleRange(max = 1, maxIncluded = false) double drawn) {
        Instant next = schedule(drawn).next(NOW, NOW.plus(Duration.ofDays(30)), NOW.plusSeconds(seconds));

        assertThat(next).isBetween(NOW.plusMillis(seconds * 900L), NOW.plusSeconds(seconds));
    }

    @Test
    void theEarlierOfLookAndProbeWins() {
        Schedule middle = schedule(0.5);

        assertThat(middle.next(NOW, NOW.plusSeconds(10), NOW.plusSeconds(100))).isEqualTo(NOW.plusSeconds(10));
        assertThat(middle.next(NOW, NOW.plusSeconds(100), NOW.plusSeconds(10))).isEqualTo(NOW.plusMillis(9_500));
    }

    @Test
    void whatIsOverdueRunsAtOnce() {
        assertThat(schedule(0.9).next(NOW, NOW.minusSeconds(10), null)).isEqualTo(NOW);
    }

    @Test
    void aDelayIsNeverZeroAndNeverForEver() {
        assertThat(Schedule.delay(NOW, NOW.minusSeconds(5))).isPositive().isLessThan(Duration.ofSeconds(1));
        assertThat(Schedule.delay(NOW, NOW.plusSeconds(5))).isEqualTo(Duration.ofSeconds(5));
        assertThat(Schedule.delay(NOW, Instant.MAX)).isEqualTo(Duration.ofHours(1));
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
