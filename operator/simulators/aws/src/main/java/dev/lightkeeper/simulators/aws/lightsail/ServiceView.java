package dev.lightkeeper.simulators.aws.lightsail;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A container service as the simulator itself sees it at one moment. It holds no environment values.
 *
 * @param account twelve digits
 * @param region such as {@code eu-central-1}
 * @param name of the service
 * @param arn with its uuid
 * @param url reachable on loopback
 * @param state of the service
 * @param detail what it is busy with; null at rest
 * @param power name on the wire
 * @param scale nodes
 * @param disabled whether it is switched off, or being so
 * @param tags by key
 * @param currentVersion of the ACTIVE deployment; null without
 * @param nextVersion of the ACTIVATING deployment; null without
 * @param lastVersion of the newest accepted deployment; 0 without
 * @param deployments that are kept, ascending
 * @param cost USD so far
 */
public record ServiceView(
        String account,
        String region,
        String name,
        String arn,
        String url,
        ServiceState state,
        @Nullable StateDetailCode detail,
        String power,
        int scale,
        boolean disabled,
        Map<String, String> tags,
        @Nullable Integer currentVersion,
        @Nullable Integer nextVersion,
        int lastVersion,
        List<DeploymentView> deployments,
        double cost) {

    /**
     * A deployment.
     *
     * @param version from 1
     * @param state of the deployment
     * @param createdAt simulated time
     * @param images by container name
     */
    public record DeploymentView(int version, DeploymentState state, Instant createdAt, Map<String, String> images) {}

    static ServiceView of(ContainerService service, Instant now) {
        return new ServiceView(
                service.scope.account(),
                service.scope.region(),
                service.name,
                service.arn,
                service.url(),
                service.state,
                service.detail,
                service.power.wireName(),
                service.scale,
                service.disabled,
                Map.copyOf(service.tags),
                service.current == null ? null : service.current.version,
                service.next == null ? null : service.next.version,
                service.lastVersion,
                service.deployments.stream().map(ServiceView::deployment).toList(),
                service.cost.total(now));
    }

    private static DeploymentView deployment(Deployment deployment) {
        Map<String, String> images = new TreeMap<>();
        deployment.content.containers().forEach((name, content) -> images.put(name, content.image()));
        return new DeploymentView(deployment.version, deployment.state, deployment.createdAt, images);
    }
}
