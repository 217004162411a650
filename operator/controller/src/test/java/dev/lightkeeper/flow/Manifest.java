package dev.lightkeeper.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.kube.KubernetesClients;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** The resource as users write it, with the defaults that the API server adds. */
final class Manifest {
    static final String IMAGE = "example.com/api:1";
    private static final String SPEC = """
            accountRef: {name: default}
            scale: 2
            minimumScale: 2
            lightsail: {serviceName: api, power: nano, ecrImagePuller: Disabled}
            containers:
              - name: api
                image: example.com/api:1
                ports: [{containerPort: 3697, protocol: HTTP}]
            publicEndpoint:
              healthCheck: {path: /health/live, successCodes: "200", intervalSeconds: 10, timeoutSeconds: 5, healthyThreshold: 2, unhealthyThreshold: 2}
            readiness: {path: /health/ready, periodSeconds: 30, timeoutSeconds: 5, failureThreshold: 3, successThreshold: 1}
            verification:
              deadlineSeconds: 360
              retries: 5
              backoff: {initialSeconds: 2, factor: 2, maxSeconds: 30}
              randomPathControl: Disabled
            rollout: {progressDeadlineSeconds: 1800, minReadySeconds: 30, bakeSeconds: 600, maxAttempts: 1, onFailure: Rollback}
            driftPolicy: Correct
            managementPolicy: Enforce
            suspend: false
            adoptionPolicy: CreateOnly
            deletionPolicy: Retain
            revisionHistoryLimit: 10
            """;

    private static final String ON_HOSTS = """
            hosts: {select: {tags: {Service: api}}}
            runtime: Docker
            runAs: ubuntu
            maxUnavailable: 1
            terminationGracePeriodSeconds: 30
            """;

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final KubernetesSerialization LENIENT = KubernetesClients.lenient();
    private final Map<String, String> annotations = new HashMap<>();
    private final ObjectNode spec = (ObjectNode) read(SPEC);
    private long generation = 1;
    private String deletedAt;
    private ServiceDeploymentSpec parsed = parse();

    private static JsonNode read(String text) {
        try {
            return YAML.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long generation() {
        return generation;
    }

    /** Sets what a JSON pointer names, or removes it when {@code value} is null. */
    void set(String pointer, String value) {
        int slash = pointer.lastIndexOf('/');
        String member = pointer.substring(slash + 1);
        switch (spec.at(pointer.substring(0, slash))) {
            case ObjectNode object when value == null -> object.remove(member);
            case ObjectNode object -> object.set(member, read(value));
            case ArrayNode array when member.equals("-") -> array.add(read(value));
            case ArrayNode array -> array.set(Integer.parseInt(member), read(value));
            default -> throw new IllegalArgumentException("nothing at the parent of " + pointer);
        }
        parsed = parse();
        generation++;
    }

    private ServiceDeploymentSpec parse() {
        return LENIENT.unmarshal(spec.toString(), ServiceDeploymentSpec.class);
    }

    /** The same before anything was applied: no new generation. */
    Manifest initially(String pointer, String value) {
        set(pointer, value);
        generation--;
        return this;
    }

    /** The same on EC2 hosts. */
    Manifest onHosts() {
        return initially("/lightsail", null)
                .initially("/publicEndpoint", null)
                .initially("/ec2", ON_HOSTS)
                .initially("/readiness/port", "3697")
                .initially("/containers/0/ports", "[{containerPort: 3697, protocol: HTTP, hostPort: 3697}]");
    }

    void annotate(String name, String value) {
        if (value == null) {
            annotations.remove(name);
        } else {
            annotations.put(name, value);
        }
    }

    void delete(Instant at) {
        deletedAt = at.toString();
        generation++;
    }

    ServiceDeployment resource(ServiceDeploymentStatus status) {
        ServiceDeployment resource = new ServiceDeployment();
        ObjectMeta metadata = new ObjectMeta();
        metadata.setNamespace("shop");
        metadata.setName("api");
        metadata.setUid("uid-1");
        metadata.setGeneration(generation);
        metadata.setAnnotations(Map.copyOf(annotations));
        metadata.setDeletionTimestamp(deletedAt);
        resource.setMetadata(metadata);
        resource.setSpec(parsed);
        resource.setStatus(status);
        return resource;
    }
}
