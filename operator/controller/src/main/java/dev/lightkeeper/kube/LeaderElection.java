package dev.lightkeeper.kube;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One leader among the replicas, by a Lease. The framework's own election is not used: it does not step down when the API
 * server hangs, and never releases the lease. A lease does not prove that nobody else acts; the locked intent does.
 */
public final class LeaderElection implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LeaderElection.class);

    private final KubernetesClient client;
    private final Seat seat;
    private final Runnable looked;
    private final Runnable lead;
    private final Runnable lost;
    private final AtomicBoolean closing = new AtomicBoolean();
    private @Nullable CompletableFuture<?> election;
    private volatile @Nullable Instant lastSignOfLife;
    private volatile boolean leading;

    /**
     * What is competed for, by whom and how fast.
     *
     * @param identity the pod
     * @param leaseDuration after which others may take over; longer than the renew deadline by the time that stepping down
     *     takes
     * @param renewDeadline after which a leader that could not renew gives up
     */
    public record Seat(
            String namespace,
            String name,
            String identity,
            Duration leaseDuration,
            Duration renewDeadline,
            Duration retryPeriod) {
        /** 20 s, 10 s, 2 s: measured to let a hung leader go before the next one starts. */
        public static Seat standard(String namespace, String name, String identity) {
            return new Seat(
                    namespace, name, identity, Duration.ofSeconds(20), Duration.ofSeconds(10), Duration.ofSeconds(2));
        }
    }

    /**
     * Nothing happens before {@link #start()}.
     *
     * @param client of its own, made by {@link KubernetesClients#leaseClient}; closed with this object
     * @param looked called at each look at the lease, whether the API server answers or not
     * @param lead called once, in a thread of its own, when the lease is won
     * @param lost called when the lease is lost other than by {@link #close()}, or when {@code lead} throws. Must end the
     *     process at once, since somebody else may act already
     */
    public LeaderElection(KubernetesClient client, Seat seat, Runnable looked, Runnable lead, Runnable lost) {
        this.client = client;
        this.seat = seat;
        this.looked = looked;
        this.lead = lead;
        this.lost = lost;
    }

    /**
     * When the leader before this one renewed the lease last: the operator's last sign of life. Empty when there was no
     * lease, and before this one leads.
     */
    public Optional<Instant> lastSignOfLife() {
        return Optional.ofNullable(lastSignOfLife);
    }

    /** Starts to compete. */
    public synchronized void start() {
        log.info("competing for lease {}/{} as {}", seat.namespace(), seat.name(), seat.identity());
        election = client.leaderElector()
                .withConfig(new LeaderElectionConfigBuilder()
                        .withName(seat.name())
                        .withReleaseOnCancel(true)
                        .withLock(new WatchedLock())
                        .withLeaseDuration(seat.leaseDuration())
                        .withRenewDeadline(seat.renewDeadline())
                        .withRetryPeriod(seat.retryPeriod())
                        .withLeaderCallbacks(new LeaderCallbacks(
                                this::won, this::stopped, leader -> log.info("the leader is {}", leader)))
                        .build())
                .build()
                .start();
    }

    private void won() {
        leading = true;
        Thread _ = Thread.ofPlatform().name("leading").start(() -> {
            try {
                lead.run();
            } catch (RuntimeException | Error e) {
                log.error("leading failed", e);
                stopped();
            }
        });
    }

    private void stopped() {
        if (!closing.get()) {
            log.error("the lease {}/{} is lost", seat.namespace(), seat.name());
            lost.run();
        }
    }

    /** Releases the lease, so that the next leader need not wait for its end. To be called when nothing acts any more. */
    @Override
    public synchronized void close() {
        closing.set(true);
        if (election != null) {
            election.cancel(true);
        }
        client.close();
    }

    /** Winning overwrites the lease, so what it said is noted at each look before that. */
    private final class WatchedLock extends LeaseLock {
        WatchedLock() {
            super(seat.namespace(), seat.name(), seat.identity());
        }

        @Override
        public synchronized @Nullable LeaderElectionRecord get(KubernetesClient kubernetes) {
            looked.run();
            LeaderElectionRecord found = super.get(kubernetes);
            if (!leading) {
                lastSignOfLife = found == null || found.getRenewTime() == null
                        ? null
                        : found.getRenewTime().toInstant();
            }
            return found;
        }
    }
}
