package dev.lightkeeper.simulators.aws.lightsail;

import dev.lightkeeper.simulators.aws.application.ApplicationRuntime;
import dev.lightkeeper.simulators.aws.application.Balancer;
import dev.lightkeeper.simulators.aws.application.ContainerSpec;
import dev.lightkeeper.simulators.aws.application.RunningDeployment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Starts the containers of a deployment, if Lightsail can get their images. */
final class Launcher {
    private final World world;
    private final ApplicationRuntime runtime;

    Launcher(World world, ApplicationRuntime runtime) {
        this.world = world;
        this.runtime = runtime;
    }

    Balancer balancer(Scope scope, String service) {
        return runtime.balancer(scope.account() + "/" + scope.region() + "/" + service);
    }

    RunningDeployment start(ContainerService service, Deployment deployment) {
        List<ContainerSpec> specs = new ArrayList<>();
        for (Map.Entry<String, ContainerContent> entry :
                deployment.content.containers().entrySet()) {
            ContainerContent content = entry.getValue();
            String image = pull(service, content.image());
            if (image == null) {
                return followed(
                        service,
                        new UnpullableDeployment(
                                world.clock,
                                world.timings.nodeStart(),
                                deployment.version,
                                deployment.content.containers().keySet()));
            }
            Map<Integer, String> ports = new HashMap<>();
            content.ports().forEach((port, protocol) -> ports.put(Integer.valueOf(port), protocol));
            specs.add(new ContainerSpec(entry.getKey(), image, content.command(), content.environment(), ports));
        }
        return followed(
                service,
                runtime.start(service.name, deployment.version, specs, deployment.content.endpoint(), service.scale));
    }

    private static RunningDeployment followed(ContainerService service, RunningDeployment running) {
        service.logs.follow(running);
        return running;
    }

    /** What the catalogue is asked for, or null when the image cannot be pulled. */
    private @Nullable String pull(ContainerService service, String image) {
        if (ImageReference.isStored(image)) {
            StoredImages.StoredImage stored = service.images.find(image);
            if (stored == null) {
                return null;
            }
            return stored.behavesLike() == null ? stored.reference() : stored.behavesLike();
        }
        ImageReference.Ecr ecr = ImageReference.ecr(image);
        if (ecr != null) {
            boolean admitted = service.pullerActive
                    && !service.pullerArn.isEmpty()
                    && ecr.region().equals(service.scope.region())
                    && !world.region(service.scope).closedRepositories.contains(ecr.repository());
            return admitted ? image : null;
        }
        return image;
    }
}
