package dev.lightkeeper.telemetry;

import static dev.lightkeeper.observe.Readings.Kind.IMAGES;
import static dev.lightkeeper.observe.Readings.Kind.LOG;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.aws.MovableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReadingAgesTest {
    private final MovableClock clock = new MovableClock();
    private final ReadingAges ages = new ReadingAges(clock);

    @Test
    void theOldestOfThoseThatAreWantedCounts() {
        ages.made(LOG, "api");
        ages.wanted(LOG, "shop");
        clock.advance(Duration.ofMinutes(2));
        ages.made(LOG, "shop");
        ages.wanted(LOG, "api");
        clock.advance(Duration.ofMinutes(1));

        assertThat(ages.oldest(LOG)).isEqualTo(180);
        assertThat(ages.oldest(IMAGES)).isZero();
    }

    @Test
    void whatIsWantedAndNeverComesGrowsOlderFromTheFirstWish() {
        for (int minute = 0; minute < 60; minute++) {
            ages.wanted(IMAGES, "api");
            clock.advance(Duration.ofMinutes(1));
        }

        assertThat(ages.oldest(IMAGES)).isEqualTo(3600);
    }

    @Test
    void whatNobodyWantsAnyMoreIsForgotten() {
        ages.made(LOG, "api");
        clock.advance(Duration.ofMinutes(21));
        assertThat(ages.oldest(LOG)).isZero();

        ages.wanted(LOG, "api");
        clock.advance(Duration.ofMinutes(1));
        assertThat(ages.oldest(LOG)).isEqualTo(60);
    }
}
