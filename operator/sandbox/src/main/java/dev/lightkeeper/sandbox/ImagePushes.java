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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The build pipeline of the simulated world: what {@code aws lightsail push-container-image} does in the real one. As soon
 * as a service exists, the stored images that its manifest names have been pushed, older numbers first. Numbers above
 * {@value #NEWEST} are never pushed: with one of them, a missing image can be tried.
 */
public final class ImagePushes implements AutoCloseable {
    static final int NEWEST = 500;
    private static final Pattern STORED =
            Pattern.compile(":(?<service>[a-z0-9-]+)\\.(?<label>[^.:]+)\\.(?<number>[0-9]{1,9})");

    private final AwsSimulator aws;
    private final KubernetesClient client;
    private final Map<String, Integer> pushed = new HashMap<>();
    /** By uid; neither the account nor the region of a resource ever changes. */
    private final Map<String, String> regions = new HashMap<>();

    private final Errand errand;

    /** Starts pushing. */
    public ImagePushes(AwsSimulator aws, Sightings sightings, KubernetesClient client) {
        this.aws = aws;
        this.client = client;
        errand = Errand.begin("image-pushes", sightings, this::push);
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
                region(resource)
                        .ifPresent(region -> push(
                                region,
                                target.serviceName(),
                                image.group("label"),
                                Integer.parseInt(image.group("number"))));
            }
        }
    }

    private Optional<String> region(ServiceDeployment resource) {
        return Optional.ofNullable(regions.computeIfAbsent(
                resource.getMetadata().getUid(),
                uid -> Home.of(resource, client).map(Home::region).orElse(null)));
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
        errand.close();
    }
}
