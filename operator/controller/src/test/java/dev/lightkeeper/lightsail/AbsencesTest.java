package dev.lightkeeper.lightsail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.aws.MovableClock;
import dev.lightkeeper.observe.Observed;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AbsencesTest {
    private final MovableClock clock = new MovableClock();
    private final Absences absences = new Absences(Duration.ofSeconds(60), clock);

    @Test
    void aRecordedServiceIsAbsentOnlyAfterASecondAnswerALittleLater() {
        assertThat(absences.saidAbsent("arn")).isInstanceOf(Observed.Unknown.class);
        clock.advance(Duration.ofSeconds(59));
        assertThat(absences.saidAbsent("arn")).isInstanceOf(Observed.Unknown.class);
        clock.advance(Duration.ofSeconds(1));
        assertThat(absences.saidAbsent("arn")).isInstanceOf(Observed.Absent.class);
        assertThat(absences.saidAbsent("arn")).isInstanceOf(Observed.Absent.class);
    }

    @Test
    void aServiceSeenInBetweenMustBeMissedTwiceAgain() {
        absences.saidAbsent("arn");
        absences.seen("arn");
        clock.advance(Duration.ofSeconds(61));

        assertThat(absences.saidAbsent("arn")).isInstanceOf(Observed.Unknown.class);
    }

    @Test
    void theAbsenceOfOneServiceSaysNothingOfItsSuccessor() {
        absences.saidAbsent("old");
        clock.advance(Duration.ofSeconds(61));

        assertThat(absences.saidAbsent("new")).isInstanceOf(Observed.Unknown.class);
    }
}
