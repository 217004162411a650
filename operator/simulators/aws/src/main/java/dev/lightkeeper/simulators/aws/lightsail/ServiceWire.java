package dev.lightkeeper.simulators.aws.lightsail;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.simulators.aws.application.EndpointSpec;
import dev.lightkeeper.simulators.aws.application.HealthCheckSpec;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Container services and deployments as the API returns them. */
final class ServiceWire {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private ServiceWire() {}

    static ObjectNode service(ContainerService service) {
        ObjectNode node = NODES.objectNode();
        node.put("containerServiceName", service.name);
        node.put("arn", service.arn);
        node.put("createdAt", time(service.createdAt));
        node.set("location", location(service.scope));
        node.put("resourceType", "ContainerService");
        node.set("tags", tags(service.tags));
        node.put("power", service.power.wireName());
        node.put("powerId", service.power.id());
        node.put("state", service.state.name());
        if (service.detail != null) {
            node.putObject("stateDetail").put("code", service.detail.name()).put("message", service.detail.message());
        }
        node.put("scale", service.scale);
        if (service.current != null) {
            node.set("currentDeployment", deployment(service.current));
        }
        if (service.next != null) {
            node.set("nextDeployment", deployment(service.next));
        }
        node.put("isDisabled", service.disabled);
        node.put("principalArn", service.principalArn);
        node.put("privateDomainName", service.domainName());
        ObjectNode domains = node.putObject("publicDomainNames");
        service.domains.forEach((certificate, names) -> domains.set(certificate, strings(names)));
        node.put("url", service.url());
        node.putObject("privateRegistryAccess")
                .putObject("ecrImagePullerRole")
                .put("isActive", service.pullerActive)
                .put("principalArn", service.pullerArn);
        return node;
    }

    /** Newest first, as seen on AWS. */
    static ArrayNode deployments(ContainerService service) {
        ArrayNode all = NODES.arrayNode();
        service.deployments.reversed().forEach(d -> all.add(deployment(d)));
        return all;
    }

    static ObjectNode deployment(Deployment deployment) {
        ObjectNode node = NODES.objectNode();
        node.put("version", deployment.version);
        node.put("state", deployment.state.name());
        ObjectNode containers = node.putObject("containers");
        deployment.content.containers().forEach((name, content) -> containers.set(name, container(content)));
        EndpointSpec endpoint = deployment.content.endpoint();
        if (endpoint != null) {
            ObjectNode wire = node.putObject("publicEndpoint");
            wire.put("containerName", endpoint.containerName());
            wire.put("containerPort", endpoint.containerPort());
            HealthCheckSpec check = endpoint.healthCheck();
            wire.putObject("healthCheck")
                    .put("healthyThreshold", check.healthyThreshold())
                    .put("unhealthyThreshold", check.unhealthyThreshold())
                    .put("timeoutSeconds", check.timeoutSeconds())
                    .put("intervalSeconds", check.intervalSeconds())
                    .put("path", check.path())
                    .put("successCodes", check.successCodes());
        }
        node.put("createdAt", time(deployment.createdAt));
        return node;
    }

    static ObjectNode location(Scope scope) {
        return NODES.objectNode().put("availabilityZone", "all").put("regionName", scope.region());
    }

    /** Epoch seconds with fraction. */
    static BigDecimal time(Instant instant) {
        return BigDecimal.valueOf(instant.toEpochMilli(), 3);
    }

    private static ArrayNode tags(Map<String, String> tags) {
        ArrayNode all = NODES.arrayNode();
        tags.forEach((key, value) -> all.addObject().put("key", key).put("value", value));
        return all;
    }

    private static ObjectNode container(ContainerContent content) {
        ObjectNode node = NODES.objectNode();
        node.put("image", content.image());
        node.set("command", strings(content.command()));
        ObjectNode environment = node.putObject("environment");
        content.environment().forEach(environment::put);
        ObjectNode ports = node.putObject("ports");
        content.ports().forEach(ports::put);
        return node;
    }

    private static ArrayNode strings(List<String> values) {
        ArrayNode all = NODES.arrayNode();
        values.forEach(all::add);
        return all;
    }
}
