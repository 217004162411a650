package dev.lightkeeper.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.reconcile.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Two hundred resources that were all made in the same second, and one cause that hits them all. */
class FleetFlowTest {
    private static final int FLEET = 200;
    private static final Duration CALM = Duration.ofMinutes(30);
    private static final Duration OUTAGE = Duration.ofMinutes(12);

    @Test
    void oneOutageDoesNotMakeTheWholeFleetWriteInTheSameSecond() {
        List<Instant> writes = new ArrayList<>();
        Instant outage = new Flow().clock.instant().plus(CALM);
        for (int i = 0; i < FLEET; i++) {
            suffer(new Random(i), outage, writes);
        }
        List<Instant> stale = writes.stream()
                .filter(write -> write.isBefore(outage.plus(OUTAGE)))
                .toList();
        List<Instant> recovered = writes.stream()
                .filter(write -> !write.isBefore(outage.plus(OUTAGE)))
                .toList();
        assertThat(stale).hasSize(FLEET);
        assertThat(recovered).hasSize(FLEET);
        assertThat(mostInASecond(stale)).isLessThan(FLEET / 6);
        assertThat(mostInASecond(recovered)).isLessThan(FLEET / 6);
    }

    private static void suffer(Random random, Instant outage, List<Instant> writes) {
        Flow flow = new Flow();
        Schedule schedule = new Schedule(random);
        flow.spread = due -> flow.clock.instant().plus(schedule.delay(flow.clock.instant(), due));
        flow.pass(Duration.between(flow.clock.instant(), outage));
        flow.store.afterWrite(() -> writes.add(flow.clock.instant()));
        flow.cloud.answers(false);
        flow.pass(OUTAGE);
        flow.cloud.answers(true);
        flow.pass(Duration.ofMinutes(2));
    }

    private static long mostInASecond(List<Instant> writes) {
        Map<Long, Long> bySecond =
                writes.stream().collect(Collectors.groupingBy(Instant::getEpochSecond, Collectors.counting()));
        return bySecond.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }
}
