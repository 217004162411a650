package dev.lightkeeper.simulators.aws.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The faults of one world. At most one fault hits a request: the oldest rule that matches. */
public final class Faults implements AutoCloseable {
    private final Random random;
    private final List<Injected> rules = new ArrayList<>();
    private int ids;

    /**
     * Creates an empty set.
     *
     * @param seed for faults with a probability
     */
    public Faults(long seed) {
        this.random = new Random(seed);
    }

    /** A rule in force. Removing it also lets go of the requests that hang on it: their connections are cut. */
    public final class Injected {
        private final int id;
        private final Fault fault;
        private final CountDownLatch released = new CountDownLatch(1);
        private int seen;
        private int hits;

        private Injected(int id, Fault fault) {
            this.id = id;
            this.fault = fault;
        }

        /** {@return its number in this world} */
        public int id() {
            return id;
        }

        /** {@return the rule} */
        public Fault fault() {
            return fault;
        }

        /** {@return how many requests were hit so far} */
        public int hits() {
            synchronized (Faults.this) {
                return hits;
            }
        }

        /** Ends it. */
        public void remove() {
            synchronized (Faults.this) {
                rules.remove(this);
            }
            released.countDown();
        }

        /**
         * Waits in real time, not longer than until the rule is removed.
         *
         * @param longest how long; null for as long as the rule is in force
         */
        public void hold(@Nullable Duration longest) {
            try {
                if (longest == null) {
                    released.await();
                } else {
                    var _ = released.await(longest.toNanos(), TimeUnit.NANOSECONDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Puts a fault in force.
     *
     * @param fault the rule
     * @return a handle on it
     */
    public synchronized Injected add(Fault fault) {
        Injected injected = new Injected(++ids, fault);
        rules.add(injected);
        return injected;
    }

    /** {@return the rules in force, also those that are used up, oldest first} */
    public synchronized List<Injected> all() {
        return List.copyOf(rules);
    }

    /** Ends all faults. */
    public void clear() {
        all().forEach(Injected::remove);
    }

    /**
     * Finds what happens to a request, and counts it.
     *
     * @param request facts of the request
     * @return the rule that hits it, or null
     */
    public synchronized @Nullable Injected hit(Request request) {
        Injected found = null;
        for (Injected rule : rules) {
            if (matches(rule.fault(), request)) {
                rule.seen++;
                if (found == null && isDue(rule)) {
                    rule.hits++;
                    found = rule;
                }
            }
        }
        return found;
    }

    @Override
    public void close() {
        clear();
    }

    /**
     * What a rule is matched against.
     *
     * @param service signing name
     * @param operation name
     * @param region of the credential scope; null when unsigned
     * @param account that the key belongs to; null when unknown
     * @param target resource name; null when the request names none
     */
    public record Request(
            String service,
            String operation,
            @Nullable String region,
            @Nullable String account,
            @Nullable String target) {}

    private boolean isDue(Injected rule) {
        Fault fault = rule.fault();
        Integer count = fault.count();
        return rule.seen >= fault.from()
                && (count == null || rule.hits < count)
                && (fault.probability() >= 1 || random.nextDouble() < fault.probability());
    }

    private static boolean matches(Fault fault, Request request) {
        return (fault.service() == null || fault.service().equals(request.service()))
                && (fault.operation() == null || fault.operation().equals(request.operation()))
                && (fault.region() == null || fault.region().equals(request.region()))
                && (fault.account() == null || fault.account().equals(request.account()))
                && (fault.target() == null || fault.target().equals(request.target()));
    }
}
