package dev.lightkeeper.plan;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/** Specs that differ in what belongs to no revision: policies, scale, domains, tags. */
public final class SpecFixture {
    private final ObjectMapper json =
            new ObjectMapper().enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL);
    private final Map<String, ServiceDeploymentSpec> made = new HashMap<>();

    /** One of them. */
    public ServiceDeploymentSpec any(AnyWorld world) {
        int scale = world.oneOf(1, 2, 3);
        String text = """
                {"scale":%d,"minimumScale":2,"suspend":%s,"driftPolicy":"%s","managementPolicy":"%s","deletionPolicy":"%s",
                 "adoptionPolicy":"%s",
                 "lightsail":{"serviceName":"api","power":"nano","ecrImagePuller":"%s"%s},
                 "containers":[{"name":"api","image":"%s"}],
                 %s
                 "verification":{"deadlineSeconds":360,"retries":5,"backoff":{"initialSeconds":2,"factor":2,"maxSeconds":30}},
                 "rollout":{"progressDeadlineSeconds":1800,"minReadySeconds":30,"bakeSeconds":600,"maxAttempts":1,"onFailure":"ON_FAILURE"}}
                """.replace("ON_FAILURE", scale == 1 ? "Hold" : "Rollback").formatted(
                scale,
                world.oneOf("false", "false", "false", "true", "null"),
                world.oneOf("Correct", "Correct", "Report"),
                world.oneOf("Enforce", "Enforce", "Enforce", "Observe"),
                world.oneOf("Retain", "Delete", "FromTheFuture"),
                world.oneOf("CreateOnly", "CreateOnly", "AdoptOrCreate", "AdoptOnly"),
                world.oneOf("Enabled", "Disabled"),
                world.oneOf(
                        "",
                        ",\"tags\":{\"team\":\"web\"}",
                        ",\"publicDomainNames\":[{\"certificateName\":\"c\",\"domainNames\":[\"b.example.com\"]}]"),
                world.oneOf("a:1", "a:2", ":api.x.1"),
                world.oneOf(
                        "",
                        "\"readiness\":{\"path\":\"/\",\"periodSeconds\":30,\"timeoutSeconds\":5,\"failureThreshold\":3,\"successThreshold\":1},"));
        return made.computeIfAbsent(text, this::parse);
    }

    private ServiceDeploymentSpec parse(String text) {
        try {
            ObjectNode node = (ObjectNode) json.readTree(text);
            return json.treeToValue(node, ServiceDeploymentSpec.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
