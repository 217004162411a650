package dev.lightkeeper.simulators.aws;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time of one simulated world. A running clock passes {@code speed} simulated seconds in one real second and runs
 * what was scheduled on one daemon thread. A manual clock stands still; only {@link #advance(Duration)} moves it, and
 * runs what is due in the calling thread, in order of due time and then of scheduling, each task seeing its own due
 * time as now.
 *
 * <p>No two tasks ever run at the same time, in either mode. A task that fails is logged and forgotten.
 */
public final class SimulatorClock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SimulatorClock.class);
    private static final double MANUAL_RATE = 100;

    private record Task(Instant due, long order, Runnable action) {}

    private final Clock source;
    private final ReentrantLock lock = new ReentrantLock();
    private final ReentrantLock taking = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<Task> queue =
            new PriorityQueue<>(Comparator.comparing(Task::due).thenComparingLong(Task::order));
    private double speed;
    private Instant simulatedAnchor;
    private Instant realAnchor;
    private long scheduled;
    private boolean closed;
    private @Nullable Thread runner;

    private SimulatorClock(Clock source, Instant start, double speed) {
        this.source = source;
        this.simulatedAnchor = start;
        this.realAnchor = source.instant();
        this.speed = speed;
    }

    /**
     * A clock that starts at the present and runs.
     *
     * @param speed simulated seconds in one real second, more than 0
     * @return the clock, already running
     */
    public static SimulatorClock running(double speed) {
        return running(Clock.systemUTC(), speed);
    }

    /**
     * A clock that starts at what the source says and runs by it.
     *
     * @param source real time
     * @param speed simulated seconds in one real second, more than 0
     * @return the clock, already running
     */
    public static SimulatorClock running(Clock source, double speed) {
        SimulatorClock clock = new SimulatorClock(source, source.instant(), positive(speed));
        clock.startRunner();
        return clock;
    }

    /**
     * A clock that only {@link #advance(Duration)} moves.
     *
     * @param start the first {@link #now()}
     * @return the clock
     */
    public static SimulatorClock manual(Instant start) {
        return new SimulatorClock(Clock.systemUTC(), start, 0);
    }

    /** {@return the simulated time} */
    public Instant now() {
        lock.lock();
        try {
            return current();
        } finally {
            lock.unlock();
        }
    }

    /** {@return whether only {@link #advance(Duration)} moves this clock} */
    public boolean isManual() {
        lock.lock();
        try {
            return speed == 0;
        } finally {
            lock.unlock();
        }
    }

    /** {@return simulated seconds in one real second; 0 for a manual clock} */
    public double speed() {
        lock.lock();
        try {
            return speed;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Changes the pace from now on; what is scheduled keeps its simulated due time. Turns a manual clock into a running
     * one.
     *
     * @param newSpeed simulated seconds in one real second, more than 0
     */
    public void speed(double newSpeed) {
        lock.lock();
        try {
            Instant now = current();
            speed = positive(newSpeed);
            anchor(now);
            startRunner();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Runs an action once, later. Nothing runs after {@link #close()}.
     *
     * @param simulatedDelay from now; zero or less means as soon as possible (with a manual clock: at the next advance)
     * @param action what to run; it may schedule further actions
     */
    public void schedule(Duration simulatedDelay, Runnable action) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            Duration delay = simulatedDelay.isNegative() ? Duration.ZERO : simulatedDelay;
            queue.add(new Task(current().plus(delay), scheduled++, action));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * How long something simulated takes for a real socket or a real waiting thread: at least one millisecond, and for
     * a manual clock as if it ran a hundred times faster than real time.
     *
     * @param simulated a simulated duration
     * @return the real duration
     */
    public Duration real(Duration simulated) {
        double rate = speed();
        double nanos = simulated.toNanos() / (rate == 0 ? MANUAL_RATE : rate);
        return Duration.ofNanos(Math.max(1_000_000L, Math.round(nanos)));
    }

    /**
     * Moves time forward and runs in this thread what becomes due on the way, including what those actions schedule.
     * Works in both modes. Must not be called by a scheduled action.
     *
     * @param simulated how far; zero runs what is already due
     */
    public void advance(Duration simulated) {
        if (taking.isHeldByCurrentThread()) {
            throw new IllegalStateException("A scheduled action cannot advance the clock");
        }
        taking.lock();
        try {
            Instant target = now().plus(simulated);
            for (Task task = nextUntil(target); task != null; task = nextUntil(target)) {
                run(task);
            }
            moveTo(target);
        } finally {
            taking.unlock();
        }
    }

    /** Forgets everything scheduled and ends the daemon thread; an action that is running may finish. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            queue.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void startRunner() {
        if (runner == null) {
            runner = Thread.ofPlatform().daemon().name("simulator-clock").start(this::runUntilClosed);
        }
    }

    private void runUntilClosed() {
        while (awaitDue()) {
            taking.lock();
            try {
                Task task = nextUntil(now());
                if (task != null) {
                    run(task);
                }
            } finally {
                taking.unlock();
            }
        }
    }

    private boolean awaitDue() {
        lock.lock();
        try {
            while (!closed) {
                Task head = queue.peek();
                if (head == null) {
                    changed.await();
                    continue;
                }
                Duration left = Duration.between(current(), head.due());
                if (!left.isPositive()) {
                    return true;
                }
                long nanos = Math.max(1_000_000L, Math.round(left.toNanos() / speed));
                var _ = changed.awaitNanos(nanos);
            }
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Task nextUntil(Instant target) {
        lock.lock();
        try {
            Task head = queue.peek();
            if (head == null || head.due().isAfter(target)) {
                return null;
            }
            if (head.due().isAfter(current())) {
                anchor(head.due());
            }
            return queue.poll();
        } finally {
            lock.unlock();
        }
    }

    private void moveTo(Instant target) {
        lock.lock();
        try {
            if (target.isAfter(current())) {
                anchor(target);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static void run(Task task) {
        try {
            task.action().run();
        } catch (RuntimeException e) {
            LOG.error("A scheduled action failed", e);
        }
    }

    private Instant current() {
        if (speed == 0) {
            return simulatedAnchor;
        }
        Duration elapsed = Duration.between(realAnchor, source.instant());
        return simulatedAnchor.plusNanos(Math.round(elapsed.toNanos() * speed));
    }

    private void anchor(Instant simulated) {
        simulatedAnchor = simulated;
        realAnchor = source.instant();
    }

    private static double positive(double speed) {
        if (!(speed > 0)) {
            throw new IllegalArgumentException("speed must be more than 0 but is " + speed);
        }
        return speed;
    }
}
