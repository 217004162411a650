package dev.lightkeeper.desired;

import dev.lightkeeper.api.v1alpha1.Container;
import dev.lightkeeper.api.v1alpha1.Ec2Runtime;
import dev.lightkeeper.api.v1alpha1.Ec2Target;
import dev.lightkeeper.api.v1alpha1.Pm2Process;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;
import java.util.List;

/** What runs side by side in a release: containers, or processes under pm2, which have no image of their own. */
final class Workloads {
    private Workloads() {}

    static List<Container> of(ServiceDeploymentSpec spec) {
        Ec2Target target = spec.ec2();
        return target == null || target.runtime() != Ec2Runtime.Pm2
                ? spec.containers()
                : target.processes().stream()
                        .map(process -> container(target, process))
                        .toList();
    }

    private static Container container(Ec2Target target, Pm2Process process) {
        String source = target.source() == null
                ? ""
                : "%s@%s"
                        .formatted(target.source().repository(), target.source().revision());
        return new Container(
                process.name(),
                source,
                List.of(process.script(), String.valueOf(process.instances()), String.valueOf(process.port())),
                List.of(),
                process.env(),
                List.of(),
                process.requiredEnv());
    }
}
