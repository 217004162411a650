package dev.lightkeeper.simulators.aws.lightsail;

import dev.lightkeeper.simulators.aws.SimulatorClock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Everything there is, in all accounts and regions, under one lock. */
final class World {
    final SimulatorClock clock;
    final Timings timings;
    final Quotas quotas;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Scope, Region> regions = new LinkedHashMap<>();
    private double costOfDeleted;

    World(SimulatorClock clock, Timings timings, Quotas quotas) {
        this.clock = clock;
        this.timings = timings;
        this.quotas = quotas;
    }

    <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    Region region(Scope scope) {
        return regions.computeIfAbsent(scope, Region::new);
    }

    List<ContainerService> services() {
        return regions.values().stream()
                .flatMap(r -> r.services.values().stream())
                .toList();
    }

    void changed(ContainerService service) {
        region(service.scope).remember(service, clock.now());
    }

    void addCostOfDeleted(double amount) {
        costOfDeleted += amount;
    }

    double totalCost() {
        return costOfDeleted
                + services().stream()
                        .mapToDouble(s -> s.cost.total(clock.now()))
                        .sum();
    }
}
