package dev.lightkeeper.sandbox;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.LoggerFactory;

/** What has to be closed again, in reverse order; may be closed while something is still being opened. */
public final class Opened implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private boolean closed;

    /** Closes it when this is closed; at once when that has begun. */
    public <T extends AutoCloseable> T add(T opened) {
        boolean tooLate;
        synchronized (open) {
            tooLate = closed;
            if (!tooLate) {
                open.push(opened);
            }
        }
        if (tooLate) {
            close(opened);
        }
        return opened;
    }

    @Override
    public void close() {
        while (true) {
            AutoCloseable next;
            synchronized (open) {
                closed = true;
                next = open.poll();
            }
            if (next == null) {
                return;
            }
            close(next);
        }
    }

    private static void close(AutoCloseable opened) {
        try {
            opened.close();
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            LoggerFactory.getLogger(Opened.class).warn("could not be closed: {}", opened, e);
        }
    }
}
