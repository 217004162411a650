package dev.lightkeeper.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lightkeeper.Cluster;
import dev.lightkeeper.EmbeddedKubernetes;
import dev.lightkeeper.kube.LeaderElection.Seat;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class LeaderElectionIT {
    private KubernetesClient client;
    private String namespace;

    Cluster cluster() {
        return EmbeddedKubernetes.shared();
    }

    @BeforeAll
    void startServer() {
        Cluster cluster = cluster();
        client = cluster.client();
        namespace = cluster.newNamespace(client);
    }

    @AfterAll
    void closeClient() {
        if (client != null) {
            client.close();
        }
    }

    @Test
    void aReleasedLeaseIsTakenAtOnce() throws InterruptedException {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        AtomicInteger lost = new AtomicInteger();
        LeaderElection leader = election("released", "a", Duration.ofMinutes(10), first::countDown, lost);
        LeaderElection standby = election("released", "b", Duration.ofMinutes(10), second::countDown, lost);
        leader.start();
        assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(leader.lastSignOfLife()).isEmpty();
        standby.start();
        assertThat(second.await(1, TimeUnit.SECONDS)).isFalse();

        leader.close();

        assertThat(second.await(10, TimeUnit.SECONDS)).isTrue();
        standby.close();
        assertThat(lost).hasValue(0);
    }

    @Test
    void whoTakesOverKnowsWhenTheOperatorLivedLast() throws InterruptedException {
        ZonedDateTime twoDaysAgo =
                ZonedDateTime.now(ZoneOffset.UTC).minusDays(2).truncatedTo(ChronoUnit.SECONDS);
        Lease _ = client.leases()
                .resource(new LeaseBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName("abandoned")
                        .endMetadata()
                        .withNewSpec()
                        .withHolderIdentity("a")
                        .withLeaseDurationSeconds(20)
                        .withAcquireTime(twoDaysAgo)
                        .withRenewTime(twoDaysAgo)
                        .withLeaseTransitions(0)
                        .endSpec()
                        .build())
                .create();
        CountDownLatch leading = new CountDownLatch(1);
        AtomicInteger lost = new AtomicInteger();
        LeaderElection next = election("abandoned", "b", Duration.ofSeconds(20), leading::countDown, lost);
        next.start();
        assertThat(leading.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(next.lastSignOfLife()).hasValue(twoDaysAgo.toInstant());
        next.close();
    }

    @Test
    void whoLosesTheLeaseIsTold() throws InterruptedException {
        CountDownLatch leading = new CountDownLatch(1);
        AtomicInteger lost = new AtomicInteger();
        LeaderElection leader = election("stolen", "a", Duration.ofSeconds(20), leading::countDown, lost);
        leader.start();
        assertThat(leading.await(10, TimeUnit.SECONDS)).isTrue();

        Lease _ = client.leases()
                .inNamespace(namespace)
                .withName("stolen")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"holderIdentity\":\"thief\"}}");

        await().atMost(Duration.ofSeconds(10)).until(() -> lost.get() > 0);
        leader.close();
    }

    @Test
    void aLeaderThatCannotStartIsLost() {
        AtomicInteger lost = new AtomicInteger();
        LeaderElection leader = election(
                "broken",
                "a",
                Duration.ofSeconds(20),
                () -> {
                    throw new IllegalStateException("no digest key");
                },
                lost);

        leader.start();

        await().atMost(Duration.ofSeconds(10)).until(() -> lost.get() == 1);
        leader.close();
    }

    private LeaderElection election(
            String lease, String identity, Duration duration, Runnable lead, AtomicInteger lost) {
        return new LeaderElection(
                KubernetesClients.leaseClient(client.getConfiguration()),
                new Seat(namespace, lease, identity, duration, Duration.ofSeconds(10), Duration.ofMillis(200)),
                () -> {},
                lead,
                lost::incrementAndGet);
    }
}
