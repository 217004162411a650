package dev.lightkeeper.simulators.aws.lightsail;

import dev.lightkeeper.simulators.aws.SimulatorClock;
import dev.lightkeeper.simulators.aws.application.ApplicationRuntime;
import dev.lightkeeper.simulators.aws.application.RunningDeployment;
import dev.lightkeeper.simulators.aws.lightsail.MetricSeries.Sample;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Lightsail in one world: its API, and what a test or a person can see and do without the API. */
public final class LightsailSimulation {
    private static final Duration SAMPLING = Duration.ofMinutes(5);

    private final World world;
    private final LightsailApi api;
    private final Lifecycle lifecycle;
    private final ServiceOperations services;
    private final ImageOperations images;
    private final String defaultAccount;

    /**
     * Creates an empty Lightsail.
     *
     * @param clock simulated time
     * @param runtime runs the containers
     * @param timings how long things take
     * @param quotas limits
     * @param defaultAccount whose regions {@link #in(String)} means
     * @param random for identifiers
     */
    public LightsailSimulation(
            SimulatorClock clock,
            ApplicationRuntime runtime,
            Timings timings,
            Quotas quotas,
            String defaultAccount,
            Random random) {
        this.world = new World(clock, timings, quotas);
        this.defaultAccount = defaultAccount;
        Launcher launcher = new Launcher(world, runtime);
        this.lifecycle = new Lifecycle(world, launcher, random);
        this.services = new ServiceOperations(world, lifecycle, launcher, random);
        this.images = new ImageOperations(world);
        this.api = new LightsailApi(world, services, images);
        clock.schedule(SAMPLING, this::sample);
    }

    /** {@return what clients call} */
    public LightsailApi api() {
        return api;
    }

    /**
     * {@return a region of the default account}
     *
     * @param region such as {@code eu-central-1}
     */
    public RegionControl in(String region) {
        return in(defaultAccount, region);
    }

    /**
     * {@return a region of an account}
     *
     * @param account twelve digits
     * @param region such as {@code eu-central-1}
     */
    public RegionControl in(String account, String region) {
        return new RegionControl(world, lifecycle, services, images, new Scope(account, region));
    }

    /** {@return all services in all accounts and regions} */
    public List<ServiceView> services() {
        return world.locked(() -> world.services().stream()
                .map(s -> ServiceView.of(s, world.clock.now()))
                .toList());
    }

    /** {@return USD that all services have cost so far, also those that are deleted} */
    public double totalCost() {
        return world.locked(world::totalCost);
    }

    private void sample() {
        world.locked(() -> world.services().forEach(service -> {
            RunningDeployment running = service.current == null ? null : service.current.running;
            if (running != null) {
                service.metrics.add(new Sample(world.clock.now(), running.cpuPercent(), running.memoryPercent()));
            }
        }));
        world.clock.schedule(SAMPLING, this::sample);
    }
}
