package dev.lightkeeper.sandbox;

import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What somebody in the simulated world does for every ServiceDeployment, again and again, on a thread of its own. */
final class Errand implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Errand.class);
    private static final long PERIOD_MILLIS = 50;

    private final String name;
    private final Sightings sightings;
    private final Consumer<ServiceDeployment> act;
    private final ScheduledExecutorService timer;

    private Errand(String name, Sightings sightings, Consumer<ServiceDeployment> act) {
        this.name = name;
        this.sightings = sightings;
        this.act = act;
        this.timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name(name).factory());
    }

    /** Begins at once. */
    static Errand begin(String name, Sightings sightings, Consumer<ServiceDeployment> act) {
        Errand errand = new Errand(name, sightings, act);
        var _ = errand.timer.scheduleWithFixedDelay(errand::run, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        return errand;
    }

    private void run() {
        try {
            sightings.all().forEach(act);
        } catch (RuntimeException e) {
            if (!timer.isShutdown()) {
                log.warn("{} failed", name, e);
            }
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
