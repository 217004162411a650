package dev.lightkeeper.simulators.aws.lightsail;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.audit.Effect;
import dev.lightkeeper.simulators.aws.http.Answer;
import dev.lightkeeper.simulators.aws.http.ApiError;
import dev.lightkeeper.simulators.aws.http.Input;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Create, read, update and delete container services, and their deployments. */
final class ServiceOperations {
    private static final int MOST_NODES = 20;

    private final World world;
    private final Lifecycle lifecycle;
    private final Launcher launcher;
    private final DeploymentRules deploymentRules;
    private final TagRules tagRules;
    private final Random random;

    ServiceOperations(World world, Lifecycle lifecycle, Launcher launcher, Random random) {
        this.world = world;
        this.lifecycle = lifecycle;
        this.launcher = launcher;
        this.deploymentRules = new DeploymentRules(world.quotas);
        this.tagRules = new TagRules(world.quotas);
        this.random = random;
    }

    Answer create(Region region, Input input) {
        String name = input.required("serviceName");
        if (!Names.isServiceName(name)) {
            throw ApiError.invalidInput("The service name \"" + name + "\" is invalid. It must have at most "
                    + Names.LONGEST_SERVICE_NAME + " characters and match " + Names.FORM + ".");
        }
        Power power = power(input.required("power"));
        int scale = scale(input.requiredInteger("scale"));
        Map<String, String> tags = tagRules.read(input.objectList("tags"), Map.of());
        Input wantedDeployment = input.object("deployment");
        DeploymentContent content = wantedDeployment == null ? null : deploymentRules.read(wantedDeployment);
        Boolean puller = puller(input);
        if (region.services.containsKey(name) || region.otherNames.contains(name)) {
            throw new ApiError(400, "InvalidInputException", "NameExists", "Some names are already in use: " + name);
        }
        if (region.services.size() >= world.quotas.services()) {
            throw ApiError.invalidInput("You have reached or will exceed the maximum limit of Lightsail Container"
                    + " Services that you can create in this region: " + world.quotas.services() + ".");
        }
        Input wantedDomains = input.object("publicDomainNames");
        Map<String, List<String>> domains =
                wantedDomains == null ? Map.of() : Domains.changed(region, null, wantedDomains, world.quotas.domains());

        ContainerService service = make(region, name, power, scale);
        service.tags.putAll(tags);
        service.domains.putAll(domains);
        service.pullerActive = Boolean.TRUE.equals(puller);
        lifecycle.created(service, content);
        return answer(service, Effect.CREATED);
    }

    /** A new service without anything, not yet in a state. */
    ContainerService make(Region region, String name, Power power, int scale) {
        byte[] idSource = new byte[16];
        random.nextBytes(idSource);
        UUID id = UUID.nameUUIDFromBytes((HexFormat.of().formatHex(idSource) + name).getBytes(StandardCharsets.UTF_8));
        String arn =
                "arn:aws:lightsail:" + region.scope.region() + ":" + region.scope.account() + ":ContainerService/" + id;
        ContainerService service = new ContainerService(
                region.scope, name, arn, world.clock.now(), power, scale, launcher.balancer(region.scope, name));
        region.services.put(name, service);
        return service;
    }

    Answer get(Region region, Input input, @Nullable Instant asOf) {
        String name = input.string("serviceName");
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        if (asOf != null) {
            if (name == null) {
                region.at(asOf).values().forEach(s -> all.add(s.service().deepCopy()));
            } else {
                all.add(region.at(asOf, name).service().deepCopy());
            }
        } else if (name == null) {
            region.services.values().forEach(s -> all.add(ServiceWire.service(s)));
        } else {
            all.add(ServiceWire.service(region.service(name)));
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.set("containerServices", all);
        return Answer.read(body);
    }

    Answer update(Region region, Input input) {
        ContainerService service = region.service(input.required("serviceName"));
        String power = input.string("power");
        Integer scale = input.integer("scale");
        Boolean disabled = input.bool("isDisabled");
        Boolean puller = puller(input);
        Power newPower = power == null ? service.power : power(power);
        int newScale = scale == null ? service.scale : scale(scale);
        Refusals.ifNotUpdatable(service);
        Input wantedDomains = input.object("publicDomainNames");
        if (wantedDomains != null) {
            Map<String, List<String>> domains = Domains.changed(region, service, wantedDomains, world.quotas.domains());
            service.domains.clear();
            service.domains.putAll(domains);
        }
        service.power = newPower;
        service.scale = newScale;
        if (puller != null) {
            service.pullerActive = puller;
        }
        boolean switched = disabled != null && disabled != service.disabled;
        if (disabled != null) {
            service.disabled = disabled;
        }
        Duration time = switched ? world.timings.disable() : world.timings.update();
        lifecycle.updated(service, time);
        return answer(service, Effect.CHANGED);
    }

    Answer delete(Region region, Input input) {
        ContainerService service = region.service(input.required("serviceName"));
        Refusals.ifNotDeletable(service);
        lifecycle.deleted(service);
        return Answer.empty(Effect.DELETED);
    }

    Answer deploy(Region region, Input input) {
        String name = input.required("serviceName");
        DeploymentContent content = deploymentRules.read(input);
        ContainerService service = region.service(name);
        deploy(service, content);
        return answer(service, Effect.DEPLOYED);
    }

    int deploy(ContainerService service, DeploymentContent content) {
        Refusals.ifNotDeployable(service);
        return lifecycle.deploy(service, content).version;
    }

    Answer deployments(Region region, Input input, @Nullable Instant asOf) {
        String name = input.required("serviceName");
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.set(
                "deployments",
                asOf == null
                        ? ServiceWire.deployments(region.service(name))
                        : region.at(asOf, name).deployments().deepCopy());
        return Answer.read(body);
    }

    private static Answer answer(ContainerService service, Effect effect) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.set("containerService", ServiceWire.service(service));
        return new Answer(body, effect);
    }

    private static @Nullable Boolean puller(Input input) {
        Input access = input.object("privateRegistryAccess");
        Input role = access == null ? null : access.object("ecrImagePullerRole");
        return role == null ? null : role.bool("isActive");
    }

    private static Power power(String name) {
        Power power = Power.of(name);
        if (power == null) {
            throw ApiError.invalidInput(
                    "The power \"" + name + "\" is invalid. Valid values: nano, micro, small, medium, large, xlarge.");
        }
        return power;
    }

    private static int scale(int scale) {
        if (scale < 1 || scale > MOST_NODES) {
            throw ApiError.invalidInput("The scale must be between 1 and " + MOST_NODES + " but is " + scale + ".");
        }
        return scale;
    }
}
