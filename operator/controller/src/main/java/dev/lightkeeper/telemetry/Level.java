package dev.lightkeeper.telemetry;

/** What a gauge tells: 0 at first, then what it was last set to. */
final class Level {
    private double value;

    synchronized void set(double now) {
        value = now;
    }

    synchronized void add(double more) {
        value += more;
    }

    synchronized double get() {
        return value;
    }
}
