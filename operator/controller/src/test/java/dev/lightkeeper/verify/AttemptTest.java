package dev.lightkeeper.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.verify.Judgement.Missed;
import dev.lightkeeper.verify.Judgement.Passed;
import dev.lightkeeper.verify.Judgement.Unclear;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttemptTest {
    private final Deque<Integer> statuses = new ArrayDeque<>();
    private final Attempt attempt = new Attempt(
            request -> new Prober.Answer.Response(statuses.remove(), Map.of(), "", false, Duration.ZERO),
            new Expectations((body, pointer) -> new JsonReader.Reading.NotJson()));

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

    private Judgement make(Integer... answers) {
        statuses.clear();
        statuses.addAll(List.of(answers));
        return attempt.make(new Prober.Request("GET", URI.create("http://a/"), Map.of(), Duration.ofSeconds(5)), null);
    }
}
