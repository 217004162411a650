package dev.lightkeeper.simulators.kubernetes.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgesTest {
    @ParameterizedTest
    @CsvSource({
        "PT-5S,<invalid>",
        "PT0S,0s",
        "PT119S,119s",
        "PT2M,2m",
        "PT9M59S,9m59s",
        "PT10M30S,10m",
        "PT3H,3h",
        "PT3H5M,3h5m",
        "PT9H5M,9h",
        "P2D,2d",
        "P2DT1H,2d1h",
        "P9DT1H,9d",
        "P729D,729d",
        "P731D,2y1d",
        "P3000D,8y"
    })
    void agesReadAsKubectlPrintsThem(Duration age, String shown) {
        assertThat(Ages.human(age)).isEqualTo(shown);
    }

    @Test
    void noTimestampIsNoAge() {
        assertThat(Ages.since("", Instant.EPOCH)).isEqualTo("<unknown>");
        assertThat(Ages.since("yesterday", Instant.EPOCH)).isEqualTo("<invalid>");
        assertThat(Ages.since("1970-01-01T00:00:00+01:00", Instant.EPOCH)).isEqualTo("60m");
    }
}
