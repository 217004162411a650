package dev.lightkeeper.simulators.kubernetes;

import dev.lightkeeper.simulators.kubernetes.http.Target;
import dev.lightkeeper.simulators.kubernetes.wire.ApiFailure;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets the next requests of a kind fail, so that tests see what clients make of it. */
public final class Faults {
    private final List<Fault> faults = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    Faults() {}

    private record Fault(String verb, String resource, int status, AtomicInteger left) {
        boolean hits(Target target) {
            boolean meant = (verb.equals("*") || verb.equals(target.verb()))
                    && (resource.equals("*") || resource.equals(target.resource()));
            return meant && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
        }
    }

    /**
     * Refuses requests.
     *
     * @param verb     or {@code *}
     * @param resource plural, or {@code *}
     */
    public void fail(int times, String verb, String resource, int status) {
        faults.add(new Fault(verb, resource, status, new AtomicInteger(times)));
    }

    /** Leaves requests without an answer until the server is closed. */
    public void hang(int times, String verb, String resource) {
        fail(times, verb, resource, 0);
    }

    /** Forgets all faults that have not struck yet. */
    public void clear() {
        faults.clear();
    }

    void strike(Target target) {
        Iterator<Fault> all = faults.iterator();
        while (all.hasNext()) {
            Fault fault = all.next();
            if (fault.hits(target)) {
                if (fault.status() == 0) {
                    hang();
                }
                throw ApiFailure.of(fault.status(), "InternalError", "Internal error occurred: a fault was injected");
            }
        }
    }

    void close() {
        closed.countDown();
    }

    private void hang() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
