package dev.lightkeeper.simulators.aws.lightsail;

import dev.lightkeeper.simulators.aws.application.Behaviour;
import dev.lightkeeper.simulators.aws.application.RunningDeployment;
import dev.lightkeeper.simulators.aws.http.ApiError;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a person or an outage does to the services of one account and region, past every client that is watched. Nothing
 * of it is in the audit log. Actions that AWS would refuse throw the same {@link ApiError}.
 */
public final class RegionControl {
    private final World world;
    private final Lifecycle lifecycle;
    private final ServiceOperations services;
    private final ImageOperations images;
    private final Scope scope;

    RegionControl(World world, Lifecycle lifecycle, ServiceOperations services, ImageOperations images, Scope scope) {
        this.world = world;
        this.lifecycle = lifecycle;
        this.services = services;
        this.images = images;
        this.scope = scope;
    }

    /**
     * {@return how a service stands}
     *
     * @param name of the service
     */
    public ServiceView service(String name) {
        return world.locked(() -> ServiceView.of(region().service(name), world.clock.now()));
    }

    /**
     * {@return how a service stands, or nothing}
     *
     * @param name of the service
     */
    public Optional<ServiceView> find(String name) {
        return world.locked(
                () -> Optional.ofNullable(region().services.get(name)).map(s -> ServiceView.of(s, world.clock.now())));
    }

    /**
     * {@return what a deployment asks for, environment values included}
     *
     * @param name of the service
     * @param version of a deployment that is kept
     */
    public DeploymentContent content(String name, int version) {
        return world.locked(() -> region().service(name).deployments.stream()
                .filter(d -> d.version == version)
                .findFirst()
                .orElseThrow(() -> ApiError.notFound("No deployment " + version + " of " + name))
                .content);
    }

    /**
     * Deploys by hand.
     *
     * @param name of the service
     * @param content what to run
     * @return the new version
     */
    public int deploy(String name, DeploymentContent content) {
        return world.locked(() -> services.deploy(region().service(name), content));
    }

    /**
     * Deploys by hand a change of the newest deployment.
     *
     * @param name of a service that has a deployment
     * @param change makes the new content from the newest one
     * @return the new version
     */
    public int redeploy(String name, UnaryOperator<DeploymentContent> change) {
        return world.locked(() -> {
            ContainerService service = region().service(name);
            if (service.deployments.isEmpty()) {
                throw ApiError.notFound("No deployment of " + name);
            }
            return services.deploy(service, change.apply(service.deployments.getLast().content));
        });
    }

    /**
     * Changes the number of nodes by hand.
     *
     * @param name of the service
     * @param nodes 1 to 20
     */
    public void scale(String name, int nodes) {
        if (nodes < 1 || nodes > 20) {
            throw ApiError.invalidInput("The scale must be between 1 and 20 but is " + nodes + ".");
        }
        update(name, service -> service.scale = nodes);
    }

    /**
     * Changes the power by hand.
     *
     * @param name of the service
     * @param power of every node
     */
    public void power(String name, Power power) {
        update(name, service -> service.power = power);
    }

    /**
     * Switches a service off by hand.
     *
     * @param name of the service
     */
    public void disable(String name) {
        update(name, service -> service.disabled = true);
    }

    /**
     * Switches a service on by hand.
     *
     * @param name of the service
     */
    public void enable(String name) {
        update(name, service -> service.disabled = false);
    }

    /**
     * Deletes a service by hand; it passes through DELETING.
     *
     * @param name of the service
     */
    public void delete(String name) {
        world.locked(() -> {
            ContainerService service = region().service(name);
            Refusals.ifNotDeletable(service);
            lifecycle.deleted(service);
        });
    }

    /**
     * Takes a service away at once, whatever it does.
     *
     * @param name of the service
     */
    public void vanish(String name) {
        world.locked(() -> lifecycle.remove(region().service(name)));
    }

    /**
     * Deletes a service and creates another of the same name, power and scale, READY at once: another ARN, another URL,
     * no tags, no deployments, version numbers from 1.
     *
     * @param name of the service
     */
    public void recreate(String name) {
        world.locked(() -> {
            ContainerService old = region().service(name);
            lifecycle.remove(old);
            create(name, old.power, old.scale, Map.of());
        });
    }

    /**
     * Makes a service that is READY at once, as if it had been there for long.
     *
     * @param name free in the region
     * @param power of every node
     * @param nodes 1 to 20
     * @param tags by key
     */
    public void create(String name, Power power, int nodes, Map<String, String> tags) {
        world.locked(() -> {
            if (region().services.containsKey(name)) {
                throw new IllegalArgumentException(name + " exists");
            }
            ContainerService service = services.make(region(), name, power, nodes);
            service.tags.putAll(tags);
            service.cost.rate(service.monthlyPrice(), world.clock.now());
            lifecycle.ready(service);
            world.changed(service);
        });
    }

    /**
     * Sets a tag by hand.
     *
     * @param name of the service
     * @param key of the tag
     * @param value of the tag; null takes the tag away
     */
    public void tag(String name, String key, @Nullable String value) {
        change(name, service -> {
            if (value == null) {
                service.tags.remove(key);
            } else {
                service.tags.put(key, value);
            }
        });
    }

    /**
     * Takes tags away by hand, all in one moment.
     *
     * @param name of the service
     * @param keys of the tags; one that is not there is no error
     */
    public void untag(String name, String... keys) {
        change(name, service -> service.tags.keySet().removeAll(Set.of(keys)));
    }

    /**
     * Keeps deployments of a service in ACTIVATING until {@link #unfreeze(String)}.
     *
     * @param name of the service
     */
    public void freeze(String name) {
        change(name, service -> service.frozen = true);
    }

    /**
     * Lets deployments of a service go on.
     *
     * @param name of the service
     */
    public void unfreeze(String name) {
        change(name, service -> service.frozen = false);
    }

    /**
     * Leaves a service in PENDING for good, as AWS does with CERTIFICATE_LIMIT_EXCEEDED and UNKNOWN_ERROR.
     *
     * @param name of the service
     * @param code what it is stuck with
     */
    public void stick(String name, StateDetailCode code) {
        change(name, service -> lifecycle.stick(service, code));
    }

    /**
     * Registers an image with a service.
     *
     * @param name of the service
     * @param label of the image
     * @param behavesLike image of the catalogue that it runs as; null to find itself there
     * @return {@code :service.label.N}
     */
    public String registerImage(String name, String label, @Nullable String behavesLike) {
        String digest = "sha256:" + "0123456789abcdef".repeat(4);
        return world.locked(() -> images.register(region().service(name), label, digest, behavesLike)
                .reference());
    }

    /**
     * Makes the image puller of all services of the region unwelcome at a repository of ECR.
     *
     * @param repository name without registry and tag
     */
    public void closeRepository(String repository) {
        world.locked(() -> {
            region().closedRepositories.add(repository);
        });
    }

    /**
     * Adds a certificate, or replaces it.
     *
     * @param certificate for custom domains
     */
    public void certificate(Certificate certificate) {
        world.locked(() -> {
            region().certificates.put(certificate.name(), certificate);
        });
    }

    /**
     * Adds a validated certificate.
     *
     * @param name of the certificate
     * @param domains that it is valid for
     */
    public void certificate(String name, String... domains) {
        certificate(new Certificate(name, Arrays.asList(domains), true));
    }

    /**
     * Takes a name for a Lightsail resource of another type.
     *
     * @param name that no container service can have from now on
     */
    public void reserveName(String name) {
        world.locked(() -> {
            region().otherNames.add(name);
        });
    }

    /**
     * Lets one node of the current deployment refuse connections.
     *
     * @param name of the service
     * @param index of the node, from 0
     */
    public void breakNode(String name, int index) {
        running(name).breakNode(index);
    }

    /**
     * Lets one node of the current deployment behave in its own way.
     *
     * @param name of the service
     * @param index of the node, from 0
     * @param instead how it answers
     */
    public void breakNode(String name, int index, Behaviour instead) {
        running(name).breakNode(index, instead);
    }

    /**
     * Ends what breaking a node did.
     *
     * @param name of the service
     * @param index of the node, from 0
     */
    public void healNode(String name, int index) {
        running(name).healNode(index);
    }

    /** {@return the names of all services of the region} */
    public List<String> names() {
        return world.locked(() -> List.copyOf(region().services.keySet()));
    }

    private RunningDeployment running(String name) {
        return world.locked(() -> {
            Deployment current = region().service(name).current;
            if (current == null || current.running == null) {
                throw ApiError.notFound("Nothing runs in " + name);
            }
            return current.running;
        });
    }

    private void update(String name, Consumer<ContainerService> change) {
        world.locked(() -> {
            ContainerService service = region().service(name);
            Refusals.ifNotUpdatable(service);
            change.accept(service);
            lifecycle.updated(service, world.timings.update());
        });
    }

    private void change(String name, Consumer<ContainerService> change) {
        world.locked(() -> {
            ContainerService service = region().service(name);
            change.accept(service);
            world.changed(service);
        });
    }

    private Region region() {
        return world.region(scope);
    }
}
