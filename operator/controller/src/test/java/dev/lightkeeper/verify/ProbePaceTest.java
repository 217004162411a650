package dev.lightkeeper.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.flow.AsTold;
import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProbePaceTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest
    @CsvSource({"1,2", "2,4", "3,8", "4,16", "5,30", "6,60", "100,60"})
    void firstTriesAreBackedOffAndLaterOnesPeriodic(int tries, int seconds) {
        ProbePace pace = pace(5, 2, 2, 30);
        assertThat(pace.next(NOW, tries, false)).isEqualTo(NOW.plusSeconds(seconds));
        assertThat(pace.next(NOW, tries, true)).isEqualTo(NOW.plusSeconds(60));
    }

    @Test
    void steadyStateIsPeriodic() {
        ProbePace pace = ProbePace.steady(Duration.ofSeconds(30));
        assertThat(pace.next(NOW, 1, false)).isEqualTo(NOW.plusSeconds(30));
        assertThat(pace.next(NOW, 1, true)).isEqualTo(NOW.plusSeconds(30));
    }

    @Property(seed = "20261128")
    @AddLifecycleHook(AsTold.class)
    void pauseIsNeverShorterThanTheFirstNorLongerThanTheLongest(
            @ForAll @IntRange(min = 1, max = 50) int tries,
            @ForAll @IntRange(min = 1, max = 600) int initial,
            @ForAll @IntRange(min = 1, max = 10) int factor) {
        assertThat(pace(50, initial, factor, 600).next(NOW, tries, false))
                .isBetween(NOW.plusSeconds(initial), NOW.plusSeconds(600));
    }

    @Test
    void constantBackoffStaysConstant() {
        assertThat(pace(50, 3, 1, 600).next(NOW, 40, false)).isEqualTo(NOW.plusSeconds(3));
    }

    private static ProbePace pace(int retries, int initial, int factor, int max) {
        return new ProbePace(
                Duration.ofSeconds(60), retries, Duration.ofSeconds(initial), factor, Duration.ofSeconds(max));
    }
}
