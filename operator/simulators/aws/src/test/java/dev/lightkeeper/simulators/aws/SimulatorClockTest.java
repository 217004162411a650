package dev.lightkeeper.simulators.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SimulatorClockTest {
    private static final Instant START = Instant.parse("2026-11-22T00:00:00Z");

    @Test
    void advanceRunsWhatIsDueInOrderAndEachTaskSeesItsOwnTime() {
        try (SimulatorClock clock = SimulatorClock.manual(START)) {
            List<String> seen = new ArrayList<>();
            clock.schedule(Duration.ofSeconds(20), () -> seen.add("b " + clock.now()));
            clock.schedule(Duration.ofSeconds(10), () -> {
                seen.add("a " + clock.now());
                clock.schedule(Duration.ofSeconds(5), () -> seen.add("a+ " + clock.now()));
            });
            clock.schedule(Duration.ofSeconds(40), () -> seen.add("too late"));

            clock.advance(Duration.ofSeconds(30));

            assertThat(seen)
                    .containsExactly(
                            "a " + START.plusSeconds(10), "a+ " + START.plusSeconds(15), "b " + START.plusSeconds(20));
            assertThat(clock.now()).isEqualTo(START.plusSeconds(30));
        }
    }

    @Test
    void aFailingTaskDoesNotStopTheOthers() {
        try (SimulatorClock clock = SimulatorClock.manual(START)) {
            AtomicBoolean second = new AtomicBoolean();
            clock.schedule(Duration.ofSeconds(1), () -> {
                throw new IllegalStateException("expected by the test");
            });
            clock.schedule(Duration.ofSeconds(2), () -> second.set(true));

            clock.advance(Duration.ofSeconds(2));

            assertThat(second).isTrue();
        }
    }

    @Test
    void aScheduledActionCannotAdvance() {
        try (SimulatorClock clock = SimulatorClock.manual(START)) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            clock.schedule(Duration.ZERO, () -> {
                try {
                    clock.advance(Duration.ofSeconds(1));
                } catch (IllegalStateException e) {
                    thrown.set(e);
                }
            });

            clock.advance(Duration.ZERO);

            assertThat(thrown.get()).isNotNull();
        }
    }

    @Test
    void aRunningClockPassesTimeAtItsSpeed() {
        try (SimulatorClock clock = SimulatorClock.running(1000)) {
            Instant start = clock.now();
            AtomicReference<Instant> ran = new AtomicReference<>();
            clock.schedule(Duration.ofSeconds(30), () -> ran.set(clock.now()));

            await().untilAsserted(() -> assertThat(ran.get()).isAfterOrEqualTo(start.plusSeconds(30)));
            assertThat(clock.real(Duration.ofSeconds(30))).isEqualTo(Duration.ofMillis(30));
        }
    }

    @Test
    void advanceAlsoMovesARunningClock() {
        try (SimulatorClock clock = SimulatorClock.running(1)) {
            AtomicBoolean ran = new AtomicBoolean();
            clock.schedule(Duration.ofHours(1), () -> ran.set(true));

            clock.advance(Duration.ofHours(2));

            assertThat(ran).isTrue();
        }
    }

    @Test
    void aManualClockCanBeSetRunning() {
        try (SimulatorClock clock = SimulatorClock.manual(START)) {
            AtomicBoolean ran = new AtomicBoolean();
            clock.schedule(Duration.ofSeconds(60), () -> ran.set(true));

            clock.speed(1000);

            await().untilTrue(ran);
        }
    }

    @Test
    void nothingRunsAfterClose() {
        SimulatorClock clock = SimulatorClock.manual(START);
        AtomicBoolean ran = new AtomicBoolean();
        clock.schedule(Duration.ofSeconds(1), () -> ran.set(true));
        clock.close();
        clock.schedule(Duration.ofSeconds(1), () -> ran.set(true));

        clock.advance(Duration.ofSeconds(5));

        assertThat(ran).isFalse();
    }

    @Test
    void speedMustBePositive() {
        assertThatThrownBy(() -> SimulatorClock.running(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
