package dev.lightkeeper.simulators.kubernetes.storage;

import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Changes of one resource in their order, until it is closed or its reader falls too far behind. */
public final class Subscription implements AutoCloseable {
    /** Empty is what wakes a reader up when nothing will come any more. */
    private final BlockingQueue<Optional<Change>> queue = new LinkedBlockingQueue<>();

    private final int capacity;
    private final Consumer<Subscription> onClose;
    private volatile boolean ended;

    Subscription(Queue<Change> missed, int capacity, Consumer<Subscription> onClose) {
        missed.forEach(change -> queue.add(Optional.of(change)));
        this.capacity = missed.size() + capacity;
        this.onClose = onClose;
    }

    /** The next change, or null when none came in time or none will come. */
    public @Nullable Change next(Duration timeout) throws InterruptedException {
        Optional<Change> next = queue.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
        return next == null ? null : next.orElse(null);
    }

    /** Whether no further change will come. */
    public boolean ended() {
        return ended && queue.stream().noneMatch(Optional::isPresent);
    }

    void offer(Change change) {
        if (queue.size() < capacity) {
            queue.add(Optional.of(change));
        } else {
            close();
        }
    }

    @Override
    public void close() {
        ended = true;
        queue.add(Optional.empty());
        onClose.accept(this);
    }
}
