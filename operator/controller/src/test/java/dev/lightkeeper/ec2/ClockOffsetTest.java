package dev.lightkeeper.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullUnmarked
class ClockOffsetTest {
    private static final Instant TAKEN = Instant.parse("2026-11-27T12:00:00Z");

    /** AWS took the command at second 0, and its answer was there 8 seconds later. */
    @ParameterizedTest
    @CsvSource({
        "-600, -599",
        "-2,     -1",
        "-1,      0",
        " 0,      0",
        " 8,      0",
        " 9,      1",
        "308,   300",
        "700,   692"
    })
    void onlyWhatTheDurationOfTheCommandDoesNotExplainIsWrong(long told, long ahead) {
        assertThat(ClockOffset.of(TAKEN.plusSeconds(told), TAKEN, Duration.ofSeconds(8)))
                .isEqualTo(Duration.ofSeconds(ahead));
    }
}
