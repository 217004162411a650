package dev.lightkeeper.simulators.kubernetes.storage;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Changes of one resource in their order, until it is closed or its reader falls too far behind. */
public final class Subscription implements AutoCloseable {
    private final BlockingQueue<Change> queue;
    private final Consumer<Subscription> onClose;
    private volatile boolean ended;

    Subscription(Queue<Change> missed, int capacity, Consumer<Subscription> onClose) {
        this.queue = new LinkedBlockingQueue<>(missed.size() + capacity);
        this.queue.addAll(missed);
        this.onClose = onClose;
    }

    /** The next change, or null when none came in time. */
    public @Nullable Change next(Duration timeout) throws InterruptedException {
        return queue.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether no further change will be added. */
    public boolean ended() {
        return ended && queue.isEmpty();
    }

    void offer(Change change) {
        if (!queue.offer(change)) {
            close();
        }
    }

    @Override
    public void close() {
        ended = true;
        onClose.accept(this);
    }
}
