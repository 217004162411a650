package dev.lightkeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lightkeeper.api.v1alpha1.AwsAccount;
import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.simulators.aws.audit.AuditEntry;
import dev.lightkeeper.simulators.aws.lightsail.Power;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Two hundred resources at once, two of three of them wrong, each tenth in another way. */
@Order(2)
class MixedBatchIT {
    private static final int GOOD = 70;
    private static final int OF_EACH = 10;
    /** Slow enough that what is known of two hundred resources is not stale before the last of them was looked at. */
    private static final double SPEED = 20;

    /** Three minutes of theirs: everyone is looked at meanwhile. */
    private static final Duration QUIET = Duration.ofSeconds((long) (180 / SPEED));

    private static final String OPEN = "namespaces: {}, serviceNamePatterns: [\"*\"]";
    private static final String BASE = """
            apiVersion: lightkeeper.dev/v1alpha1
            kind: ServiceDeployment
            metadata: {name: NAME, namespace: NAMESPACE}
            spec:
              accountRef: {name: ACCOUNT}
              lightsail: {serviceName: NAME, power: nano}
              containers:
                - name: api
                  image: "IMAGE"
                  ports: [{containerPort: 3697}]
            CONTAINER
              publicEndpoint: {healthCheck: {path: /health/live}}
              readiness: {path: READINESS, periodSeconds: 5, timeoutSeconds: 2}
              verification: {deadlineSeconds: 90, backoff: {initialSeconds: 1, factor: 1, maxSeconds: 1}}
              rollout: {minReadySeconds: 1, bakeSeconds: 2}
            MORE
            """;

    private final Map<String, Wrong> wrongs = new LinkedHashMap<>();
    private World world;

    /**
     * A way to be wrong.
     *
     * @param reason of Stalled
     * @param says part of its message
     * @param touches whether AWS may have been asked for a change or about the service
     */
    private record Wrong(String reason, String says, boolean touches) {}

    @BeforeEach
    void start() {
        world = new World(EmbeddedKubernetes.alone(), SPEED);
    }

    @AfterEach
    void stop() {
        if (world == null) {
            return;
        }
        resources().forEach(left -> {
            ServiceDeployment _ = world.client()
                    .resources(ServiceDeployment.class)
                    .inNamespace(world.namespace())
                    .withName(left.getMetadata().getName())
                    .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"deletionPolicy\":\"Retain\"}}");
        });
        world.close();
    }

    @Test
    void theGoodOnesBecomeReadyUnharmedAndEachBadOneSaysWhy() {
        String own = world.namespace();
        account("other", "999999999999", "aws", OPEN);
        account("closed", "123456789012", "aws", "serviceNamePatterns: [\"*\"]");
        account("keyless", "123456789012", "nothing", OPEN);
        NewerVersion newer = new NewerVersion(world.client(), own);
        world.configMap("empty", Map.of("TOKEN", ""));
        List<String> good = new ArrayList<>();
        Invalid invalid = Invalid.NO_PATH;

        for (int i = 0; i < Math.max(GOOD, OF_EACH); i++) {
            if (i < OF_EACH) {
                newer.create(bad("newer", i, "UnknownValue", "spec.driftPolicy", false));
                declare(bad("invalid", i, "InvalidSpec", invalid.says(), false), own, invalid.container(), "");
                declare(bad("nobody", i, "AccountNotFound", "nobody", false), "nobody", "", "");
                declare(bad("other", i, "WrongAccount", "999999999999", false), own + "-other", "", "");
                declare(bad("closed", i, "AccessNotAllowed", "access.namespaces", false), own + "-closed", "", "");
                declare(bad("keyless", i, "CredentialsInvalid", "nothing", false), own + "-keyless", "", "");
                declare(bad("region", i, "RegionNotAllowed", "eu-west-1", false), own, "", "region: eu-west-1");
                declare(
                        bad("secret", i, "ReferenceNotFound", "no-such-secret", true),
                        own,
                        "envFrom: [{secretRef: {name: no-such-secret}}]",
                        "");
                declare(
                        bad("required", i, "EnvironmentInvalid", "TOKEN", true),
                        own,
                        "envFrom: [{configMapRef: {name: empty}}]\nrequiredEnv: [{name: TOKEN}]",
                        "");
                String taken = bad("taken", i, "AlreadyManaged", "shop/web", true);
                world.lightsail()
                        .create(
                                taken,
                                Power.NANO,
                                1,
                                Map.of("lightkeeper.dev/cluster", "x", "lightkeeper.dev/owner", "shop/web"));
                declare(taken, own, "", "");
                String untagged = bad("untagged", i, "AdoptionRefused", "adoptionPolicy", true);
                world.lightsail().create(untagged, Power.NANO, 1, Map.of());
                declare(untagged, own, "", "");
                declare(
                        bad("crashes", i, "DeploymentFailed", "get-container-log", true),
                        own,
                        "",
                        "",
                        "ghcr.io/acme/api:crashes-at-start");
                declare(
                        bad("latest", i, "EnvironmentInvalid", "MODE", true),
                        own,
                        "requiredEnv: [{name: MODE}]\nenv: [{name: MODE, value: ''}]",
                        "");
            }
            String name = "good-" + i;
            declare(name, own, "", "");
            good.add(name);
        }
        assertThat(resources()).hasSize(200);

        await().atMost(World.PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(unexpected()).isEmpty());

        Map<String, Long> calls = world.aws().audit().mutations().stream()
                .collect(Collectors.groupingBy(
                        entry -> entry.operation() + " " + entry.target(), Collectors.counting()));
        assertThat(good).allSatisfy(name -> {
            assertThat(calls).containsEntry("CreateContainerService " + name, 1L);
            assertThat(calls).containsEntry("CreateContainerServiceDeployment " + name, 1L);
        });
        assertThat(untouchable())
                .allSatisfy(name -> assertThat(world.aws().audit().forService(name))
                        .as("AWS was asked about %s", name)
                        .isEmpty());
        assertThat(world.aws().audit().mutations())
                .extracting(AuditEntry::operation)
                .containsOnly("CreateContainerService", "CreateContainerServiceDeployment");
        AtomicReference<Map<String, String>> last = new AtomicReference<>(versions());
        await("nobody who is wrong writes on and on")
                .during(QUIET)
                .atMost(QUIET.multipliedBy(10))
                .until(() -> {
                    Map<String, String> now = versions();
                    return now.equals(last.getAndSet(now));
                });
    }

    private String bad(String kind, int number, String reason, String says, boolean touches) {
        String name = kind + "-" + number;
        wrongs.put(name, new Wrong(reason, says, touches));
        return name;
    }

    private void account(String name, String id, String secret, String access) {
        world.apply(AwsAccount.class, """
                apiVersion: lightkeeper.dev/v1alpha1
                kind: AwsAccount
                metadata: {name: %1$s-%2$s}
                spec:
                  accountId: "%3$s"
                  defaultRegion: us-east-2
                  allowedRegions: [us-east-2]
                  credentials: {secretRef: {namespace: %1$s, name: %4$s}}
                  access: {%5$s}
                """.formatted(world.namespace(), name, id, secret, access));
    }

    private void declare(String name, String account, String container, String more) {
        declare(name, account, container, more, "ghcr.io/acme/api:1.4.162");
    }

    private void declare(String name, String account, String container, String more, String image) {
        ServiceDeployment _ = world.apply(
                ServiceDeployment.class,
                BASE.replace("NAMESPACE", world.namespace())
                        .replace("NAME", name)
                        .replace("ACCOUNT", account)
                        .replace("IMAGE", image)
                        .replace("READINESS", name.startsWith("invalid") ? Invalid.NO_PATH.path() : "/health/ready")
                        .replace("CONTAINER\n", container.isEmpty() ? "" : container.indent(6))
                        .replace("MORE\n", more.isEmpty() ? "" : more.indent(2)));
    }

    private List<ServiceDeployment> resources() {
        return world.client()
                .resources(ServiceDeployment.class)
                .inNamespace(world.namespace())
                .list()
                .getItems();
    }

    private List<String> unexpected() {
        return resources().stream()
                .filter(resource -> !asExpected(resource))
                .map(resource -> "%s: Ready %s, Stalled %s"
                        .formatted(
                                resource.getMetadata().getName(),
                                World.condition(resource, "Ready")
                                        .map(ready -> ready.status() + " " + ready.reason())
                                        .orElse("-"),
                                World.condition(resource, "Stalled")
                                        .map(stalled -> stalled.reason() + " " + stalled.message())
                                        .orElse("-")))
                .toList();
    }

    private boolean asExpected(ServiceDeployment resource) {
        Wrong wrong = wrongs.get(resource.getMetadata().getName());
        Stream<Condition> stalled = World.condition(resource, "Stalled").stream();
        return wrong == null
                ? World.condition(resource, "Ready")
                        .filter(ready -> ready.status() == ConditionStatus.True)
                        .isPresent()
                : stalled.anyMatch(told ->
                        told.reason().equals(wrong.reason()) && told.message().contains(wrong.says()));
    }

    private Set<String> untouchable() {
        return wrongs.entrySet().stream()
                .filter(entry -> !entry.getValue().touches())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private Map<String, String> versions() {
        return resources().stream()
                .filter(resource -> wrongs.containsKey(resource.getMetadata().getName()))
                .collect(Collectors.toMap(
                        resource -> resource.getMetadata().getName(),
                        resource ->
                                Objects.requireNonNull(resource.getMetadata().getResourceVersion())));
    }
}
