package dev.lightkeeper.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.observe.AccountCheck;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** AWS itself has a bad day. */
class OutageFlowTest {
    private final Flow flow = new Flow();

    @Test
    void nothingIsToldAfter599SecondsWithoutAwsAndObservationStaleAfter600() {
        flow.untilSteady().run();
        ServiceDeploymentStatus before = flow.store.status();
        flow.cloud.answers(false);
        flow.pass(Duration.ofSeconds(599)).run();
        assertThat(flow.store.status()).isEqualTo(before);
        flow.pass(Duration.ofSeconds(1));
        assertThat(flow.told("Ready", "Synced", "Reconciling", "Degraded", "Available"))
                .containsExactly(
                        "Ready=Unknown/ObservationStale",
                        "Synced=Unknown/ObservationStale",
                        "Reconciling=True/ObservationStale",
                        "Degraded=False/NotDegraded",
                        "Available=True/Passing");
        assertThat(flow.condition("Ready").orElseThrow().lastTransitionTime()).isEqualTo(flow.clock.instant());
    }

    @Test
    void aBlipOfAwsIsNotSeenOnAResource() {
        flow.untilSteady();
        ServiceDeploymentStatus before = flow.store.status();
        int told = flow.events.size();
        for (int i = 0; i < 5; i++) {
            flow.cloud.answers(false);
            flow.pass(Duration.ofMinutes(8));
            assertThat(flow.store.status()).isEqualTo(before);
            flow.cloud.answers(true);
            flow.pass(Duration.ofMinutes(2));
        }
        assertThat(flow.store.status()).isEqualTo(before);
        assertThat(flow.events).hasSize(told);
    }

    @Test
    void anAccountThatCannotBeAskedIsTheSameAsASilentAws() {
        flow.untilSteady();
        ServiceDeploymentStatus before = flow.store.status();
        flow.cloud.account(
                new AccountCheck.Unavailable(new Failure.Throttled("sts:GetCallerIdentity: too many calls"), null));
        flow.pass(Duration.ofMinutes(9));
        assertThat(flow.store.status()).isEqualTo(before);
        flow.pass(Duration.ofMinutes(2));
        assertThat(flow.told("Ready", "Stalled")).containsExactly("Ready=Unknown/ObservationStale", "Stalled=-");
    }

    @Test
    void anOutageOfHalfAnHourChangesNothingAndEndsWithoutAHand() {
        flow.untilSteady();
        int told = flow.events.size();
        flow.cloud.answers(false);
        flow.pass(Duration.ofMinutes(15));
        flow.set("/containers/0/image", "example.com/api:2").set("/scale", "3");
        flow.pass(Duration.ofMinutes(15));
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
        assertThat(flow.told("Ready", "Stalled")).containsExactly("Ready=Unknown/ObservationStale", "Stalled=-");
        assertThat(flow.events).hasSize(told);
        flow.cloud.answers(true);
        flow.untilSteady().assertQuiet();
        assertThat(flow.cloud.calls()).isEqualTo(List.of("create", "deploy", "update", "deploy"));
        assertThat(flow.store.status().failed()).isNull();
    }

    @Test
    void aDeletionWaitsOutAnOutage() {
        flow.manifest.initially("/deletionPolicy", "Delete");
        flow.untilSteady();
        flow.cloud.answers(false);
        flow.delete();
        flow.pass(Duration.ofMinutes(30));
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy");
        assertThat(flow.told("Ready", "Reconciling"))
                .containsExactly("Ready=False/Deleting", "Reconciling=True/Deleting");
        flow.cloud.answers(true);
        while (!flow.run().released()) {
            flow.clock.advance(Duration.ofSeconds(15));
        }
        assertThat(flow.cloud.calls()).containsExactly("create", "deploy", "delete");
    }
}
