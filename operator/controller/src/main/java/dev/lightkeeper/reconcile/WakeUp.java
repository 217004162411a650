package dev.lightkeeper.reconcile;

import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** Brings the looks at resources forward when something that they share has changed; not all at the same moment. */
public final class WakeUp extends AbstractEventSource<Void, ServiceDeployment> {
    private final Duration within;
    private final RandomGenerator random;

    /** Spreads the looks over {@code within}. */
    public WakeUp(Duration within, RandomGenerator random) {
        super(Void.class, "account-changed");
        this.within = within;
        this.random = random;
    }

    /** A resource that is not watched any more is passed over. */
    void all(List<ServiceDeployment> resources) {
        for (ServiceDeployment resource : resources) {
            long delay = Math.round(within.toMillis() * random.nextDouble());
            Executor later = CompletableFuture.delayedExecutor(delay, TimeUnit.MILLISECONDS);
            later.execute(() -> {
                if (isRunning()) {
                    getEventHandler().handleEvent(new Event(ResourceID.fromResource(resource)));
                }
            });
        }
    }

    @Override
    public Set<Void> getSecondaryResources(ServiceDeployment primary) {
        return Set.of();
    }
}
