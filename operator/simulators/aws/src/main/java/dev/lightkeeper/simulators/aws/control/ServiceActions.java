package dev.lightkeeper.simulators.aws.control;

import dev.lightkeeper.simulators.aws.lightsail.Certificate;
import dev.lightkeeper.simulators.aws.lightsail.DeploymentContent;
import dev.lightkeeper.simulators.aws.lightsail.LightsailSimulation;
import dev.lightkeeper.simulators.aws.lightsail.Power;
import dev.lightkeeper.simulators.aws.lightsail.RegionControl;
import dev.lightkeeper.simulators.aws.lightsail.ServiceView;
import dev.lightkeeper.simulators.aws.lightsail.StateDetailCode;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What can be done to a service past the API. */
final class ServiceActions {
    private final LightsailSimulation lightsail;

    ServiceActions(LightsailSimulation lightsail) {
        this.lightsail = lightsail;
    }

    ServiceView show(String name, Parameters parameters) {
        return scope(name, parameters).service(name);
    }

    Object act(String name, String action, Parameters parameters) {
        RegionControl region = action.equals("create") ? named(parameters) : scope(name, parameters);
        switch (action) {
            case "create" ->
                region.create(
                        name,
                        Power.valueOf(parameters.required("power").toUpperCase(Locale.ROOT)),
                        parameters.integer("scale", 1),
                        Map.of());
            case "deploy" -> {
                int version = region.redeploy(name, content -> changed(content, parameters));
                return Map.of("version", version);
            }
            case "scale" -> region.scale(name, parameters.integer("scale", 0));
            case "power" ->
                region.power(name, Power.valueOf(parameters.required("power").toUpperCase(Locale.ROOT)));
            case "disable" -> region.disable(name);
            case "enable" -> region.enable(name);
            case "delete" -> {
                region.delete(name);
            }
            case "vanish" -> {
                region.vanish(name);
                return Map.of("vanished", name);
            }
            case "recreate" -> region.recreate(name);
            case "tag" -> region.tag(name, parameters.required("key"), parameters.text("value"));
            case "freeze" -> region.freeze(name);
            case "unfreeze" -> region.unfreeze(name);
            case "stick" -> region.stick(name, StateDetailCode.valueOf(parameters.required("code")));
            case "break-node" -> region.breakNode(name, parameters.integer("node", 0));
            case "heal-node" -> region.healNode(name, parameters.integer("node", 0));
            case "register-image" -> {
                return Map.of(
                        "image",
                        region.registerImage(name, parameters.required("label"), parameters.text("behavesLike")));
            }
            default -> throw new ControlFailure(404, "No such action: " + action);
        }
        return region.service(name);
    }

    Object certificate(Parameters parameters) {
        Certificate certificate = new Certificate(
                parameters.required("name"), parameters.list("domains"), !"false".equals(parameters.text("issued")));
        named(parameters).certificate(certificate);
        return certificate;
    }

    Object reserveName(Parameters parameters) {
        named(parameters).reserveName(parameters.required("name"));
        return Map.of("reserved", parameters.required("name"));
    }

    Object closeRepository(Parameters parameters) {
        named(parameters).closeRepository(parameters.required("name"));
        return Map.of("closed", parameters.required("name"));
    }

    /** The newest content with another image, in the only container or in the one that is named. */
    private static DeploymentContent changed(DeploymentContent content, Parameters parameters) {
        String image = parameters.text("image");
        if (image == null) {
            return content;
        }
        String container = parameters.text("container");
        if (container == null) {
            if (content.containers().size() != 1) {
                throw new ControlFailure(400, "container is missing: the deployment has several");
            }
            container = content.containers().keySet().iterator().next();
        }
        return content.withImage(container, image);
    }

    private RegionControl named(Parameters parameters) {
        String region = parameters.required("region");
        String account = parameters.text("account");
        return account == null ? lightsail.in(region) : lightsail.in(account, region);
    }

    private RegionControl scope(String name, Parameters parameters) {
        if (parameters.has("region")) {
            return named(parameters);
        }
        List<ServiceView> found =
                lightsail.services().stream().filter(s -> s.name().equals(name)).toList();
        if (found.isEmpty()) {
            throw new ControlFailure(404, "No such service: " + name);
        }
        if (found.size() > 1) {
            throw new ControlFailure(400, "region is missing: there are several services named " + name);
        }
        return lightsail.in(found.getFirst().account(), found.getFirst().region());
    }
}
