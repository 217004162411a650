package dev.lightkeeper.sandbox;

import dev.lightkeeper.api.v1alpha1.Container;
import dev.lightkeeper.api.v1alpha1.LightsailTarget;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.simulators.aws.AwsSimulator;
import dev.lightkeeper.simulators.aws.lightsail.RegionControl;
import dev.lightkeeper.simulators.aws.lightsail.ServiceView;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The build pipeline of the simulated world: what {@code aws lightsail push-container-image} does in the real one. As soon
 * as a service exists, the stored images that its manifest names have been pushed, older numbers first. Numbers above
 * {@value #NEWEST} are never pushed: with one of them, a missing image can be tried.
 */
public final class ImagePushes implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ImagePushes.class);
    static final int NEWEST = 500;
    private static final Pattern STORED =
            Pattern.compile(":(?<service>[a-z0-9-]+)\\.(?<label>[^.:]+)\\.(?<number>[0-9]{1,9})");
    private static final long PERIOD_MILLIS = 50;

    private final AwsSimulator aws;
    private final Sightings sightings;
    private final KubernetesClient client;
    private final Map<String, Integer> pushed = new HashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("image-pushes").factory());

    /** Starts pushing. */
    public ImagePushes(AwsSimulator aws, Sightings sightings, KubernetesClient client) {
        this.aws = aws;
        this.sightings = sightings;
        this.client = client;
        var _ = timer.scheduleWithFixedDelay(this::push, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void push() {
        try {
            sightings.all().forEach(this::push);
        } catch (RuntimeException e) {
            if (!timer.isShutdown()) {
                log.warn("images could not be pushed", e);
            }
        }
    }

    private void push(ServiceDeployment resource) {
        LightsailTarget target = resource.getSpec().lightsail();
        if (target == null || target.serviceName() == null) {
            return;
        }
        for (Container container : resource.getSpec().containers()) {
            Matcher image = STORED.matcher(String.valueOf(container.image()));
            if (image.matches()
                    && image.group("service").equals(target.serviceName())
                    && Integer.parseInt(image.group("number")) <= NEWEST) {
                Home.of(resource, client)
                        .ifPresent(home -> push(
                                home.region(),
                                target.serviceName(),
                                image.group("label"),
                                Integer.parseInt(image.group("number"))));
            }
        }
    }

    private void push(String regionName, String service, String label, int number) {
        RegionControl region = aws.in(regionName);
        Optional<ServiceView> found = region.find(service);
        if (found.isEmpty()) {
            return;
        }
        String key = found.get().arn() + " " + label;
        int newest = pushed.getOrDefault(key, 0);
        while (newest < number) {
            String reference = region.registerImage(service, label, null);
            newest = Integer.parseInt(reference.substring(reference.lastIndexOf('.') + 1));
        }
        pushed.put(key, newest);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
