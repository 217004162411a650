package dev.lightkeeper.aws;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One answer that many runs share: the first that needs it asks, on its own thread; those that come meanwhile wait, but
 * not for long, and not at all while the last answer was a failure. So a remote system that hangs holds one run, not all.
 */
final class SingleFlight<T> {
    private final Duration patience;
    private final Predicate<T> worthWaiting;
    private @Nullable T last;
    private @Nullable CompletableFuture<T> flight;

    SingleFlight(Duration patience, Predicate<T> worthWaiting) {
        this.patience = patience;
        this.worthWaiting = worthWaiting;
    }

    /** A usable answer, the last one or a new one (made from the last); null when another run is still waiting for it. */
    @Nullable
    T get(Predicate<T> usable, Function<@Nullable T, T> load) {
        CompletableFuture<T> mine = new CompletableFuture<>();
        CompletableFuture<T> running;
        boolean wait;
        T known;
        synchronized (this) {
            known = last;
            if (known != null && usable.test(known)) {
                return known;
            }
            wait = known == null || worthWaiting.test(known);
            running = flight;
            if (running == null) {
                flight = mine;
            }
        }
        return running == null ? lead(mine, known, load) : join(running, wait ? patience : Duration.ZERO, usable);
    }

    /** The last answer will not be used again. */
    synchronized void forget() {
        last = null;
    }

    private T lead(CompletableFuture<T> mine, @Nullable T known, Function<@Nullable T, T> load) {
        boolean landed = false;
        try {
            T loaded = load.apply(known);
            synchronized (this) {
                last = loaded;
                flight = null;
            }
            landed = true;
            mine.complete(loaded);
            return loaded;
        } finally {
            if (!landed) {
                synchronized (this) {
                    flight = null;
                }
                mine.cancel(false);
            }
        }
    }

    private static <T> @Nullable T join(CompletableFuture<T> running, Duration patience, Predicate<T> usable) {
        try {
            T loaded = running.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return usable.test(loaded) ? loaded : null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException | TimeoutException | java.util.concurrent.CancellationException e) {
            return null;
        }
    }
}
