package dev.lightkeeper.simulators.aws.lightsail;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.audit.Effect;
import dev.lightkeeper.simulators.aws.http.Answer;
import dev.lightkeeper.simulators.aws.http.ApiError;
import java.time.Duration;

/** What does not belong to one service. */
final class AccountOperations {
    private static final Duration LOGIN_LIFE = Duration.ofHours(12);

    private final World world;

    AccountOperations(World world) {
        this.world = world;
    }

    Answer powers() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode powers = body.putArray("powers");
        for (Power power : Power.values()) {
            powers.addObject()
                    .put("powerId", power.id())
                    .put("price", power.monthlyPrice())
                    .put("cpuCount", power.cpus())
                    .put("ramSizeInGb", power.ramGb())
                    .put("name", power.wireName())
                    .put("isActive", true);
        }
        return Answer.read(body);
    }

    /** There is no registry behind it: images get in by RegisterContainerImage alone. */
    Answer registryLogin(Region region) {
        if (region.services.isEmpty()) {
            throw ApiError.invalidInput(
                    "You must create a container service before retrieving container registry" + " login credentials.");
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("registryLogin")
                .put("username", "AWS")
                .put("password", "simulated-registry-password")
                .put("expiresAt", ServiceWire.time(world.clock.now().plus(LOGIN_LIFE)))
                .put("registry", region.scope.account() + ".dkr.ecr." + region.scope.region() + ".amazonaws.com");
        return new Answer(body, Effect.NONE);
    }

    Answer metadata() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putArray("metadata").addObject().put("name", "lightsailctlVersion").put("value", "v1.0.7");
        return Answer.read(body);
    }
}
