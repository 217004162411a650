package dev.lightkeeper.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionsTest {
    private static final Instant BEFORE = Instant.parse("2026-11-22T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-11-22T01:00:00Z");

    private final Conditions conditions = new Conditions(
            List.of(new Condition("Ready", ConditionStatus.True, 1L, BEFORE, "Verified", "as it was")), 2, NOW);

    @Test
    void transitionTimeMovesOnlyWithTheStatus() {
        conditions.set("Ready", ConditionStatus.True, Reason.Verified, "still");
        conditions.set("Ready", ConditionStatus.False, Reason.ReadinessFailed, "not any more");
        assertThat(conditions.list()).extracting(Condition::lastTransitionTime).containsExactly(BEFORE, NOW);
    }

    @Test
    void carriedOverKeepsItsOldGeneration() {
        conditions.carryOver("Ready");
        assertThat(conditions.list()).extracting(Condition::observedGeneration).containsExactly(1L);
    }

    @Test
    void whatWasNeverTriedIsUnknown() {
        conditions.carryOver("Synced");
        assertThat(conditions.list())
                .extracting(Condition::status, Condition::reason)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(ConditionStatus.Unknown, "NotObserved"));
    }

    @Test
    void longMessagesAreCut() {
        conditions.set("Ready", ConditionStatus.True, Reason.Verified, "x".repeat(1025));
        assertThat(conditions.list().getFirst().message()).hasSize(1024).endsWith("x…");
    }
}
