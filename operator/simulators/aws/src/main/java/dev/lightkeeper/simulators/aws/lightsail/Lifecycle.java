package dev.lightkeeper.simulators.aws.lightsail;

import dev.lightkeeper.simulators.aws.application.RunningDeployment;
import dev.lightkeeper.simulators.aws.application.RunningDeployment.Health;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The state machine of container services. All methods run under the world's lock. */
final class Lifecycle {
    private static final List<StateDetailCode> CREATION = List.of(
            StateDetailCode.CREATING_SYSTEM_RESOURCES,
            StateDetailCode.CREATING_NETWORK_INFRASTRUCTURE,
            StateDetailCode.PROVISIONING_CERTIFICATE,
            StateDetailCode.PROVISIONING_SERVICE);

    private static final String PRINCIPAL_ACCOUNT = "000000000000";

    private final World world;
    private final Launcher launcher;
    private final Random random;

    Lifecycle(World world, Launcher launcher, Random random) {
        this.world = world;
        this.launcher = launcher;
        this.random = random;
    }

    void created(ContainerService service, @Nullable DeploymentContent content) {
        begin(service, ServiceState.PENDING, CREATION.getFirst());
        service.cost.rate(service.monthlyPrice(), world.clock.now());
        if (content != null) {
            newVersion(service, content);
        }
        Duration step = world.timings.create().dividedBy(CREATION.size());
        for (int i = 1; i < CREATION.size(); i++) {
            StateDetailCode code = CREATION.get(i);
            later(service, step.multipliedBy(i), () -> detail(service, code));
        }
        later(service, world.timings.principal(), () -> fillPrincipal(service));
        later(service, world.timings.create(), () -> {
            fillPrincipal(service);
            Deployment first = service.next;
            if (first == null) {
                rest(service);
            } else {
                progress(service, first);
            }
        });
    }

    Deployment deploy(ContainerService service, DeploymentContent content) {
        Deployment deployment = newVersion(service, content);
        progress(service, deployment);
        return deployment;
    }

    /** Begins the change that the fields of the service already show. */
    void updated(ContainerService service, Duration time) {
        begin(service, ServiceState.UPDATING, StateDetailCode.PROVISIONING_SERVICE);
        service.cost.rate(service.monthlyPrice(), world.clock.now());
        later(service, time, () -> settle(service));
    }

    void deleted(ContainerService service) {
        begin(service, ServiceState.DELETING, null);
        later(service, world.timings.delete(), () -> remove(service));
    }

    /** Takes a service away at once. */
    void remove(ContainerService service) {
        service.gone = true;
        service.transition++;
        for (Deployment deployment : List.copyOf(service.deployments)) {
            stop(service, deployment);
        }
        if (service.current != null) {
            stop(service, service.current);
        }
        service.balancer.close();
        service.cost.stop(world.clock.now());
        world.addCostOfDeleted(service.cost.total(world.clock.now()));
        world.region(service.scope).services.remove(service.name);
        world.changed(service);
    }

    /** Leaves a service in PENDING for good. */
    void stick(ContainerService service, StateDetailCode code) {
        begin(service, ServiceState.PENDING, code);
    }

    /** Brings a new service to rest at once, without waiting. */
    void ready(ContainerService service) {
        service.transition++;
        fillPrincipal(service);
        rest(service);
    }

    private Deployment newVersion(ContainerService service, DeploymentContent content) {
        Deployment deployment = new Deployment(++service.lastVersion, content, world.clock.now());
        service.deployments.add(deployment);
        while (service.deployments.size() > world.quotas.deploymentsKept()) {
            Deployment oldest = service.deployments.getFirst();
            service.deployments.remove(oldest == service.current ? service.deployments.get(1) : oldest);
        }
        service.next = deployment;
        world.changed(service);
        return deployment;
    }

    private void progress(ContainerService service, Deployment deployment) {
        begin(service, ServiceState.DEPLOYING, StateDetailCode.CREATING_DEPLOYMENT);
        later(service, world.timings.deploymentStart(), () -> {
            RunningDeployment running = launcher.start(service, deployment);
            deployment.running = running;
            detail(service, StateDetailCode.EVALUATING_HEALTH_CHECK);
            evaluate(service, deployment, running, world.clock.now().plus(world.timings.deploymentEvaluation()));
        });
    }

    private void evaluate(
            ContainerService service, Deployment deployment, RunningDeployment running, Instant notBefore) {
        Health health = service.frozen ? Health.STARTING : running.health();
        if (health == Health.FAILED) {
            failed(service, deployment);
        } else if (health == Health.HEALTHY && !world.clock.now().isBefore(notBefore)) {
            detail(service, StateDetailCode.ACTIVATING_DEPLOYMENT);
            later(service, world.timings.deploymentActivation(), () -> activate(service, deployment, running));
        } else {
            later(service, world.timings.poll(), () -> evaluate(service, deployment, running, notBefore));
        }
    }

    private void activate(ContainerService service, Deployment deployment, RunningDeployment running) {
        if (service.frozen) {
            later(service, world.timings.poll(), () -> activate(service, deployment, running));
            return;
        }
        if (running.health() == Health.FAILED) {
            failed(service, deployment);
            return;
        }
        Deployment before = service.current;
        service.balancer.route(running);
        if (before != null) {
            before.state = DeploymentState.INACTIVE;
            stop(service, before);
        }
        deployment.state = DeploymentState.ACTIVE;
        service.current = deployment;
        service.next = null;
        service.metrics.clear();
        rest(service);
    }

    private void failed(ContainerService service, Deployment deployment) {
        deployment.state = DeploymentState.FAILED;
        stop(service, deployment);
        service.next = null;
        rest(service);
    }

    private void settle(ContainerService service) {
        if (service.pullerActive && service.pullerArn.isEmpty()) {
            service.pullerArn = principal(service, "ecr-puller");
        } else if (!service.pullerActive) {
            service.pullerArn = "";
        }
        service.balancer.disabled(service.disabled);
        Deployment current = service.current;
        if (service.disabled) {
            service.balancer.route(null);
            if (current != null) {
                stop(service, current);
            }
        } else if (current != null) {
            RunningDeployment running = current.running;
            if (running == null) {
                running = launcher.start(service, current);
                current.running = running;
                service.balancer.route(running instanceof UnpullableDeployment ? null : running);
            } else {
                running.scale(service.scale);
            }
        }
        rest(service);
    }

    private static void stop(ContainerService service, Deployment deployment) {
        RunningDeployment running = deployment.running;
        if (running != null) {
            service.logs.keep(running);
            deployment.running = null;
            running.close();
        }
    }

    private void begin(ContainerService service, ServiceState state, @Nullable StateDetailCode detail) {
        service.transition++;
        service.state = state;
        service.detail = detail;
        world.changed(service);
    }

    private void rest(ContainerService service) {
        begin(service, service.restingState(), null);
    }

    private void detail(ContainerService service, StateDetailCode code) {
        service.detail = code;
        world.changed(service);
    }

    private void fillPrincipal(ContainerService service) {
        if (service.principalArn.isEmpty()) {
            service.principalArn = principal(service, "containers");
            world.changed(service);
        }
    }

    private void later(ContainerService service, Duration delay, Runnable step) {
        long transition = service.transition;
        world.clock.schedule(
                delay,
                () -> world.locked(() -> {
                    if (!service.gone && service.transition == transition) {
                        step.run();
                    }
                }));
    }

    private String principal(ContainerService service, String kind) {
        byte[] hash = new byte[16];
        random.nextBytes(hash);
        return "arn:aws:iam::" + PRINCIPAL_ACCOUNT + ":role/amazon/lightsail/" + service.scope.region() + "/" + kind
                + "/" + service.name + "/" + HexFormat.of().formatHex(hash);
    }
}
