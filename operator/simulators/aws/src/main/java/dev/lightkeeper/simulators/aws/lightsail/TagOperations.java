package dev.lightkeeper.simulators.aws.lightsail;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.audit.Effect;
import dev.lightkeeper.simulators.aws.http.Answer;
import dev.lightkeeper.simulators.aws.http.ApiError;
import dev.lightkeeper.simulators.aws.http.Input;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** TagResource and UntagResource, for container services only. They take effect at once and in every state. */
final class TagOperations {
    private final World world;
    private final TagRules rules;

    TagOperations(World world) {
        this.world = world;
        this.rules = new TagRules(world.quotas);
    }

    Answer tag(Region region, Input input) {
        ContainerService service = resource(region, input);
        List<Input> tags = input.objectList("tags");
        if (tags.isEmpty()) {
            throw ApiError.invalidInput("The parameter tags is required.");
        }
        Map<String, String> all = rules.read(tags, service.tags);
        service.tags.clear();
        service.tags.putAll(all);
        world.changed(service);
        return operation(service);
    }

    Answer untag(Region region, Input input) {
        ContainerService service = resource(region, input);
        List<String> keys = input.stringList("tagKeys");
        if (keys.isEmpty()) {
            throw ApiError.invalidInput("The parameter tagKeys is required.");
        }
        keys.forEach(service.tags::remove);
        world.changed(service);
        return operation(service);
    }

    private static ContainerService resource(Region region, Input input) {
        String name = input.required("resourceName");
        ContainerService service = region.services.get(name);
        if (service == null) {
            throw ApiError.notFound("The resource does not exist: " + name);
        }
        String arn = input.string("resourceArn");
        if (arn != null && !arn.equals(service.arn)) {
            throw ApiError.notFound("The resource does not exist: " + arn);
        }
        return service;
    }

    /** The model lists no operation type for tagging, so none is sent. */
    private Answer operation(ContainerService service) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode operation = body.putArray("operations").addObject();
        operation.put("id", UUID.randomUUID().toString());
        operation.put("resourceName", service.name);
        operation.put("resourceType", "ContainerService");
        operation.put("createdAt", ServiceWire.time(world.clock.now()));
        operation.set("location", ServiceWire.location(service.scope));
        operation.put("isTerminal", true);
        operation.put("operationDetails", service.name);
        operation.put("status", "Succeeded");
        operation.put("statusChangedAt", ServiceWire.time(world.clock.now()));
        return new Answer(body, Effect.CHANGED);
    }
}
