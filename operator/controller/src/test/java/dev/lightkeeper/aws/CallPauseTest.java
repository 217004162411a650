package dev.lightkeeper.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.failure.Failure;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

@NullUnmarked
class CallPauseTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Failure THROTTLED = new Failure.Throttled("Rate exceeded");

    private final CallPause pause = new CallPause(Duration.ofSeconds(5));

    private static Instant at(long seconds) {
        return NOW.plusSeconds(seconds);
    }

    @Test
    void nothingIsHeldBackBeforeAFailure() {
        assertThat(pause.enter(NOW)).isNull();
        assertThat(pause.enter(NOW)).isNull();
        assertThat(pause.over()).isBefore(NOW);
    }

    @Test
    void eachFailureInARowDoublesItUpToALimit() {
        for (long seconds : new long[] {5, 10, 20, 40, 80, 160, 160}) {
            pause.failed(pause.begun(), THROTTLED, NOW);
            assertThat(pause.over()).isEqualTo(at(seconds));
            assertThat(pause.enter(at(seconds - 1))).isEqualTo(THROTTLED);
        }
    }

    @Test
    void oneCallerTriesFirstWhenItIsOver() {
        pause.failed(pause.begun(), THROTTLED, NOW);
        assertThat(pause.enter(at(5))).isNull();
        assertThat(pause.enter(at(5))).isEqualTo(THROTTLED);
        assertThat(pause.enter(at(9))).isEqualTo(THROTTLED);
        assertThat(pause.enter(at(10)))
                .as("one that never told what came of it")
                .isNull();
    }

    @Test
    void anAnswerEndsItForAll() {
        pause.failed(pause.begun(), THROTTLED, NOW);
        pause.failed(pause.begun(), new Failure.Transient("Timeout", "no answer came", false), NOW);
        pause.worked(pause.begun());
        assertThat(pause.enter(NOW)).isNull();
        assertThat(pause.enter(NOW)).isNull();
        pause.failed(pause.begun(), THROTTLED, NOW);
        assertThat(pause.over()).isEqualTo(at(5));
    }

    @Test
    void whatConcernsOneCallerOnlyHoldsNobodyBack() {
        pause.failed(pause.begun(), THROTTLED, NOW);
        pause.failed(pause.begun(), new Failure.Conflict("InvalidInstanceId", "one host is away"), NOW);
        assertThat(pause.enter(NOW)).isNull();
        pause.failed(pause.begun(), new Failure.Denied("AccessDenied", "ssm:SendCommand", "no"), NOW);
        assertThat(pause.enter(NOW)).isNull();
    }

    @Test
    void callsThatFailTogetherAreOneFailure() {
        int before = pause.begun();
        for (int i = 0; i < 8; i++) {
            pause.failed(before, THROTTLED, NOW);
        }
        assertThat(pause.over()).isEqualTo(at(5));

        int trying = pause.begun();
        pause.failed(trying, THROTTLED, at(5));
        assertThat(pause.over()).as("the first call after it counts again").isEqualTo(at(15));
    }

    @Test
    void anAnswerToACallFromBeforeThePauseDoesNotEndIt() {
        int before = pause.begun();
        pause.failed(before, THROTTLED, NOW);
        pause.worked(before);
        assertThat(pause.enter(at(4))).isEqualTo(THROTTLED);
    }

    @Test
    void whatWasNeverSentIsNeitherAFailureNorAnAnswer() {
        Failure ours = new Failure.Throttled("the operator's own limit is reached", true);
        Failure busy = new Failure.Transient("AccountBusy", "too many calls are unanswered", false);
        pause.failed(pause.begun(), ours, NOW);
        pause.failed(pause.begun(), busy, NOW);
        assertThat(pause.enter(NOW)).isNull();

        pause.failed(pause.begun(), THROTTLED, NOW);
        pause.failed(pause.begun(), ours, NOW);
        assertThat(pause.over()).isEqualTo(at(5));
        assertThat(pause.enter(at(4))).isEqualTo(THROTTLED);
    }
}
