package dev.lightkeeper.simulators.aws.ec2;

import dev.lightkeeper.simulators.aws.SimulatorClock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** All instances, in all accounts and regions, under one lock. */
final class Ec2World {
    final SimulatorClock clock;
    final Ec2Timings timings;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Place> places = new LinkedHashMap<>();
    private final List<Runnable> afterwards = new ArrayList<>();

    Ec2World(SimulatorClock clock, Ec2Timings timings) {
        this.clock = clock;
        this.timings = timings;
    }

    <T> T locked(String account, String region, Function<Place, T> action) {
        List<Runnable> due;
        T result;
        lock.lock();
        try {
            result = action.apply(places.computeIfAbsent(account + "/" + region, key -> new Place(account, region)));
        } finally {
            due = List.copyOf(afterwards);
            afterwards.clear();
            lock.unlock();
        }
        due.forEach(Runnable::run);
        return result;
    }

    /** All instances as they really are. */
    List<InstanceView> instances() {
        lock.lock();
        try {
            return places.values().stream()
                    .flatMap(place -> place.instances.values().stream())
                    .map(Instance::view)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Runs something that may take a while, or calls out, as soon as the lock is free. */
    void afterwards(Runnable action) {
        afterwards.add(action);
    }
}
