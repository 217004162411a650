package dev.lightkeeper.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final MovableClock clock = new MovableClock();
    private final RateLimit limit = new RateLimit(5, 10, clock);

    @Test
    void aBurstIsFreeAndWhoComesAfterItWaitsForOneTokenAfterAnother() {
        for (int i = 0; i < 10; i++) {
            assertThat(limit.take(PATIENCE)).isLessThanOrEqualTo(Duration.ZERO);
        }
        for (int i = 1; i <= 5; i++) {
            assertThat(limit.take(PATIENCE)).isEqualTo(Duration.ofMillis(200L * i));
        }
    }

    @Test
    void whoWouldWaitTooLongTakesNothing() {
        for (int i = 0; i < 15; i++) {
            assertThat(limit.take(PATIENCE)).isNotNull();
        }
        assertThat(limit.take(PATIENCE)).isNull();
        assertThat(limit.take(PATIENCE)).isNull();
        clock.advance(Duration.ofMillis(200));
        assertThat(limit.take(PATIENCE)).isEqualTo(PATIENCE);
    }

    @Test
    void inTheLongRunNoMoreThanTheRatePasses() {
        int passed = 0;
        for (int second = 0; second < 100; second++) {
            for (int call = 0; call < 50; call++) {
                passed += limit.take(Duration.ZERO) == null ? 0 : 1;
            }
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(passed).isBetween(500, 510);
    }

    @Test
    void anIdleBucketFillsUpToTheBurstOnly() {
        clock.advance(Duration.ofHours(1));
        for (int i = 0; i < 10; i++) {
            assertThat(limit.take(Duration.ZERO)).isNotNull();
        }
        assertThat(limit.take(Duration.ZERO)).isNull();
    }
}
