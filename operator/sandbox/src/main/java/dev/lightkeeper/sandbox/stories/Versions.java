package dev.lightkeeper.sandbox.stories;

import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.sandbox.Sightings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Every version of one resource that the Kubernetes API delivers, in their order, so that what was true for a moment only is
 * seen, too.
 */
final class Versions implements AutoCloseable {
    private static final long POLL_MILLIS = 100;

    private final String namespace;
    private final String name;
    private final List<ServiceDeployment> seen = new ArrayList<>();
    private final Runnable stopListening;
    private int seenBefore;

    /** Records from now on. */
    Versions(Sightings sightings, String namespace, String name) {
        this.namespace = namespace;
        this.name = name;
        this.stopListening = sightings.listen(this::record);
    }

    private void record(@Nullable ServiceDeployment before, @Nullable ServiceDeployment now) {
        if (now != null
                && now.getMetadata().getNamespace().equals(namespace)
                && now.getMetadata().getName().equals(name)) {
            synchronized (seen) {
                seen.add(now);
                seen.notifyAll();
            }
        }
    }

    /** From here on only what comes later counts. */
    void fromNow() {
        synchronized (seen) {
            seenBefore = seen.size();
        }
    }

    /** As it was seen last; the informer's own store is a moment ahead of what was told to listeners. */
    Optional<ServiceDeployment> newest() {
        synchronized (seen) {
            return seen.isEmpty() ? Optional.empty() : Optional.of(seen.getLast());
        }
    }

    /** All that count. */
    List<ServiceDeployment> since() {
        synchronized (seen) {
            return List.copyOf(seen.subList(seenBefore, seen.size()));
        }
    }

    /** Waits for something; looks whenever there is a version more, and now and then besides. */
    void await(String what, Duration patience, BooleanSupplier wanted) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!wanted.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new StoryBroken(
                        "within %d s: %s".formatted(patience.toSeconds(), what), "it did not come; see below");
            }
            synchronized (seen) {
                seen.wait(POLL_MILLIS);
            }
        }
    }

    @Override
    public void close() {
        stopListening.run();
    }
}
