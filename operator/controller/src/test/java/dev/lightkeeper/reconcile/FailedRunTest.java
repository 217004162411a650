package dev.lightkeeper.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.Manifests;
import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailedRunTest {
    private static final Instant THEN = Instant.parse("2026-01-02T03:04:05Z");
    private static final Instant NOW = THEN.plusSeconds(60);
    private static final Condition SYNCED = new Condition("Synced", ConditionStatus.True, 1L, THEN, "InSync", "");

    @Test
    void anOldReadyDoesNotStandAndTheRestDoes() {
        ServiceDeploymentStatus last = Manifests.status(
                1, List.of(new Condition("Ready", ConditionStatus.True, 1L, THEN, "Verified", "fine"), SYNCED));

        ServiceDeploymentStatus told = FailedRun.told(last, "a bug", NOW);

        assertThat(told)
                .isEqualTo(Manifests.status(
                        1,
                        List.of(
                                new Condition("Ready", ConditionStatus.Unknown, 1L, NOW, "NotObserved", "a bug"),
                                SYNCED)));
    }

    @Test
    void failingAgainChangesNothing() {
        ServiceDeploymentStatus once = FailedRun.told(Manifests.status(1, List.of(SYNCED)), "a bug", NOW);

        assertThat(FailedRun.told(once, "a bug", NOW.plusSeconds(60))).isEqualTo(once);
    }
}
