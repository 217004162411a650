package dev.lightkeeper;

import dev.lightkeeper.api.v1alpha1.AwsAccount;
import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.kube.KubernetesClients;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Objects that a real API server accepts. */
public final class Manifests {
    private Manifests() {}

    /** The shortest useful ServiceDeployment, on the account {@code default}. */
    public static ServiceDeployment serviceDeployment(String namespace, String name) {
        ServiceDeployment made =
                KubernetesClients.lenient().unmarshal("""
                        apiVersion: lightkeeper.dev/v1alpha1
                        kind: ServiceDeployment
                        metadata: {name: %s, namespace: %s}
                        spec:
                          accountRef: {name: default}
                          lightsail: {serviceName: api, power: nano}
                          containers:
                            - name: api
                              image: ":api.soft-launch-32.165"
                              ports: [{containerPort: 3697}]
                          publicEndpoint: {healthCheck: {path: /health/live}}
                          readiness: {path: /health/ready}
                        """.formatted(name, namespace), ServiceDeployment.class);
        // Members with schema defaults are left to the server.
        return made;
    }

    /** An account that nobody may use. */
    public static AwsAccount awsAccount(String name) {
        return KubernetesClients.lenient().unmarshal("""
                        apiVersion: lightkeeper.dev/v1alpha1
                        kind: AwsAccount
                        metadata: {name: %s}
                        spec:
                          accountId: "123456789012"
                          defaultRegion: us-east-2
                          allowedRegions: [us-east-2]
                          credentials: {ambient: {}}
                        """.formatted(name), AwsAccount.class);
    }

    /** A status with one condition and otherwise nothing. */
    public static ServiceDeploymentStatus status(long generation, ConditionStatus ready, String message) {
        return status(
                generation,
                List.of(new Condition(
                        "Ready", ready, generation, Instant.parse("2026-01-02T03:04:05Z"), "Verified", message)));
    }

    /** A status with the given conditions and otherwise nothing. */
    public static ServiceDeploymentStatus status(long generation, List<Condition> conditions) {
        return new ServiceDeploymentStatus(
                generation,
                conditions,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(),
                null,
                null,
                null,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                null,
                null,
                Map.of());
    }
}
