package dev.lightkeeper.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SingleFlightTest {
    private static final String BAD = "bad";

    @Test
    void manyThatAskAtOnceCauseOneLoad() throws Exception {
        SingleFlight<String> flight = new SingleFlight<>(Duration.ofSeconds(10), last -> true);
        AtomicInteger loads = new AtomicInteger();
        CountDownLatch asked = new CountDownLatch(50);
        try (ExecutorService runs = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                answers.add(runs.submit(() -> {
                    asked.countDown();
                    return flight.get(last -> true, last -> {
                        loads.incrementAndGet();
                        await(asked);
                        return "answer";
                    });
                }));
            }
            for (Future<String> answer : answers) {
                assertThat(answer.get()).isEqualTo("answer");
            }
        }
        assertThat(loads).hasValue(1);
    }

    @Test
    void whoComesWhileALoadHangsWaitsBrieflyAndNotAtAllAfterAFailure() throws Exception {
        SingleFlight<String> brief = new SingleFlight<>(Duration.ofMillis(200), last -> !last.equals(BAD));
        assertThat(waitBesideAHangingLoad(brief)).isGreaterThanOrEqualTo(Duration.ofMillis(150));

        SingleFlight<String> patient = new SingleFlight<>(Duration.ofSeconds(60), last -> !last.equals(BAD));
        patient.get(last -> false, last -> BAD);
        assertThat(waitBesideAHangingLoad(patient)).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void anAnswerThatIsNotUsableIsLoadedAgainFromTheLast() {
        SingleFlight<String> flight = new SingleFlight<>(Duration.ofSeconds(1), last -> true);
        flight.get(last -> false, last -> "first");

        assertThat(flight.get(last -> true, last -> "unused")).isEqualTo("first");
        assertThat(flight.get(last -> false, last -> last + " and second")).isEqualTo("first and second");
    }

    @Test
    void aLoadThatThrowsLeavesTheWayFreeForTheNext() {
        SingleFlight<String> flight = new SingleFlight<>(Duration.ofSeconds(1), last -> true);

        assertThatThrownBy(() -> flight.get(last -> true, last -> {
                    throw new IllegalStateException("bug");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(flight.get(last -> true, last -> "fine")).isEqualTo("fine");
    }

    private static Duration waitBesideAHangingLoad(SingleFlight<String> flight) throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (ExecutorService runs = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> leader = runs.submit(() -> flight.get(last -> false, last -> {
                loading.countDown();
                await(release);
                return "late";
            }));
            await(loading);
            Instant begun = Instant.now();
            assertThat(flight.get(last -> false, last -> "must not be asked")).isNull();
            Duration waited = Duration.between(begun, Instant.now());
            release.countDown();
            assertThat(leader.get()).isEqualTo("late");
            return waited;
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
