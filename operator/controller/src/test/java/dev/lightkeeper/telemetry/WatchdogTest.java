package dev.lightkeeper.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.aws.MovableClock;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WatchdogTest {
    private static final ResourceID API = new ResourceID("api", "production");
    private static final ResourceID WEB = new ResourceID("web", "production");

    private final MovableClock clock = new MovableClock();
    private final Watchdog watchdog = new Watchdog(clock);

    @Test
    void nothingToDoIsNoComplaint() {
        after(Duration.ofDays(1));
        assertThat(watchdog.complaint()).isEmpty();
    }

    @Test
    void aRunThatTakesItsTimeIsNoComplaint() {
        watchdog.began(API);
        after(Duration.ofMinutes(10));
        assertThat(watchdog.longestRun()).hasMinutes(10);
        assertThat(watchdog.complaint()).isEmpty();
    }

    @Test
    void aRunThatDoesNotEndIsOneAndIsNamedWithItsPlace() {
        watchdog.began(API);
        watchdog.began(WEB);
        watchdog.ended(WEB, clock.instant().plusSeconds(30));
        after(Duration.ofMinutes(11));

        assertThat(watchdog.complaint().orElseThrow()).contains("api", "WatchdogTest");
    }

    @Test
    void aRunThatHangsIsOneWhileOthersGoOn() {
        watchdog.began(API);
        for (int minute = 0; minute <= 10; minute++) {
            after(Duration.ofMinutes(1));
            watchdog.began(WEB);
            watchdog.ended(WEB, clock.instant().plusSeconds(30));
        }
        assertThat(watchdog.complaint().orElseThrow()).contains("api");
    }

    @Test
    void runsThatDoNotBeginAreOne() {
        runs(API);
        after(Duration.ofMinutes(10));
        assertThat(watchdog.overdue()).isEqualTo(Duration.ofSeconds(570));
        assertThat(watchdog.complaint()).isEmpty();

        after(Duration.ofMinutes(1));
        assertThat(watchdog.complaint().orElseThrow()).contains("no run has begun");
    }

    @Test
    void oneThatIsLateWhileOthersRunIsNone() {
        runs(API);
        after(Duration.ofMinutes(30));
        runs(WEB);

        assertThat(watchdog.complaint()).isEmpty();
        assertThat(watchdog.overdue()).isGreaterThan(Duration.ofMinutes(29));
    }

    @Test
    void nobodyWaitsForWhatIsGoneOrForWhatAnotherLeads() {
        runs(API);
        runs(WEB);
        watchdog.gone(API);
        after(Duration.ofMinutes(11));
        assertThat(watchdog.complaint()).isPresent();

        watchdog.followed();
        assertThat(watchdog.complaint()).isEmpty();
        assertThat(watchdog.overdue()).isZero();
    }

    @Test
    void anElectionThatNobodyFollowsAnyMoreIsOne() {
        after(Duration.ofHours(1));
        assertThat(watchdog.complaint()).isEmpty();

        watchdog.leaseSeen();
        after(Duration.ofMinutes(3));
        assertThat(watchdog.complaint()).isEmpty();

        after(Duration.ofSeconds(1));
        assertThat(watchdog.complaint().orElseThrow()).contains("lease");

        watchdog.leaseSeen();
        assertThat(watchdog.complaint()).isEmpty();
    }

    private void runs(ResourceID resource) {
        watchdog.began(resource);
        watchdog.ended(resource, clock.instant().plusSeconds(30));
    }

    private void after(Duration time) {
        clock.advance(time);
    }
}
