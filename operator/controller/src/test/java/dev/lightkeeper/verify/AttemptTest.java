package dev.lightkeeper.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.aws.MovableClock;
import dev.lightkeeper.verify.Judgement.Missed;
import dev.lightkeeper.verify.Judgement.Passed;
import dev.lightkeeper.verify.Judgement.Unclear;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AttemptTest {
    private final MovableClock clock = new MovableClock();
    private final Deque<Integer> statuses = new ArrayDeque<>();
    private long chance;
    private final Attempt attempt = new Attempt(
            request -> new Prober.Answer.Response(statuses.remove(), Map.of(), "", false, Duration.ZERO),
            new Witnesses(Duration.ofSeconds(60), clock),
            () -> chance);

    @Test
    void passingAnswerIsNotAskedAgain() {
        assertThat(make(200, 500)).isEqualTo(new Passed());
        assertThat(statuses).hasSize(1);
    }

    @Test
    void unclearAnswerIsNotAskedAgain() {
        assertThat(make(429, 500)).isInstanceOf(Unclear.class);
        assertThat(statuses).hasSize(1);
    }

    @Test
    void onlyTheSecondMissIsAMiss() {
        assertThat(make(500, 503)).isEqualTo(new Missed("answered 503, expected 200-299", true));
        assertThat(make(500, 200)).isEqualTo(new Passed());
        assertThat(make(500, 429)).isInstanceOf(Unclear.class);
    }

    @Test
    void theRepeatLetsATurnPassByChanceSoThatItDoesNotFollowABalancersTurns() {
        chance = -1;
        assertThat(make(500, 200, 503)).isEqualTo(new Missed("answered 503, expected 200-299", true));
        assertThat(make(500, 503, 200)).isEqualTo(new Passed());
        assertThat(make(200, 500)).isEqualTo(new Passed());
    }

    @Test
    void oneAnswerInTenThatFailsMakesOneTryInAHundredAMiss() {
        Random random = new Random(3);
        Attempt flaky = new Attempt(
                request -> new Prober.Answer.Response(
                        random.nextDouble() < 0.1 ? 503 : 200, Map.of(), "", false, Duration.ZERO),
                new Witnesses(Duration.ofSeconds(60), clock),
                random);
        long misses = IntStream.range(0, 200_000)
                .filter(i -> flaky.make(probe(), _ -> {}) instanceof Missed)
                .count();
        assertThat(misses / 200_000.0).isBetween(0.009, 0.011);
    }

    private static Probe probe() {
        return new PathProbe(
                new Prober.Request("GET", URI.create("http://a/"), Map.of(), Duration.ofSeconds(5)),
                null,
                new Expectations((body, pointer) -> new JsonReader.Reading.NotJson()),
                null);
    }

    private Judgement make(Integer... answers) {
        statuses.clear();
        statuses.addAll(List.of(answers));
        return attempt.make(probe(), _ -> {});
    }
}
