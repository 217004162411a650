package dev.lightkeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.api.v1alpha1.AwsAccount;
import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.config.Environment;
import dev.lightkeeper.config.Environment.Parsed;
import dev.lightkeeper.kube.KubernetesClients;
import dev.lightkeeper.observe.Identity;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.reconcile.AccountReport;
import dev.lightkeeper.reconcile.Trace;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The whole wiring with a pipeline that only counts. */
@Order(2)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class LightkeeperIT {
    private static final Instant LONG_AGO = Instant.parse("2026-01-02T03:04:05Z");
    private static final Duration QUIET = Duration.ofMillis(1500);
    /** Far more than it takes, also to a lease of a leader that is gone. */
    private static final Duration LONG = Duration.ofSeconds(60);

    private Cluster cluster;
    private KubernetesClient client;
    private String namespace;
    private CountingRun pipeline;
    private final AtomicInteger fatal = new AtomicInteger();

    Cluster cluster() {
        return EmbeddedKubernetes.alone();
    }

    @BeforeAll
    void startServer() {
        cluster = cluster();
        cluster.installCrds();
        client = KubernetesClients.client(cluster.client().getConfiguration());
    }

    @AfterAll
    void closeClient() {
        if (client != null) {
            client.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    @BeforeEach
    void newNamespace() {
        namespace = cluster.newNamespace(client);
        pipeline = new CountingRun();
    }

    @AfterEach
    void nothingWasFatal() {
        assertThat(fatal).hasValue(0);
    }

    @Test
    void onlyWhatMattersCausesARun() {
        try (Lightkeeper _ = start()) {
            create("api");
            await().until(() -> runs("api") == 1);

            causes(1, () -> annotate("api", "lightkeeper.dev/retry-requested-at", "1"));
            causes(1, () -> annotate("api", "reconcile.fluxcd.io/requestedAt", "1"));
            causes(0, () -> patch("api", "{\"metadata\":{\"labels\":{\"team\":\"core\"}}}"));
            causes(0, () -> annotate("api", "example.com/note", "1"));
            causes(
                    1,
                    () -> client.resources(ServiceDeployment.class)
                            .inNamespace(namespace)
                            .withName("api")
                            .scale(3));
            // A run is counted before its status is written.
            await().until(() -> Long.valueOf(2).equals(get("api").getStatus().observedGeneration()));
        }
    }

    @Test
    void theFirstStatusIsWrittenBeforeTheFirstRun() {
        try (Lightkeeper _ = start()) {
            create("api");
            await().until(() -> runs("api") == 1);

            assertThat(seen("api").getFirst().getStatus().conditions())
                    .extracting(Condition::reason)
                    .containsExactly("Initializing");
            await().until(() -> ready("api") == ConditionStatus.True);
            // They are written after the status.
            await().untilAsserted(() -> assertThat(client.events()
                            .v1()
                            .events()
                            .inNamespace(namespace)
                            .list()
                            .getItems())
                    .extracting(event -> event.getReason())
                    .containsExactly("Verified"));
        }
    }

    @Test
    void theFinalizerGoesWhenTheRunReleasesAndNotBefore() {
        try (Lightkeeper _ = start()) {
            create("api");
            await().until(() -> runs("api") == 1);
            pipeline.nextRun = Duration.ofMillis(200);
            client.resource(get("api")).delete();
            await().until(() -> runs("api") >= 4);
            assertThat(get("api").getMetadata().getFinalizers()).containsExactly("lightkeeper.dev/finalizer");

            pipeline.released = true;

            await().until(() -> client.resources(ServiceDeployment.class)
                            .inNamespace(namespace)
                            .withName("api")
                            .get()
                    == null);
        }
    }

    @Test
    void aReleaseThatIsToldInTheSameRunNeedsNoOther() {
        try (Lightkeeper _ = start()) {
            pipeline.message = runs -> "run " + runs;
            create("api");
            await().until(() -> runs("api") == 1);
            pipeline.released = true;
            client.resource(get("api")).delete();

            await().until(() -> client.resources(ServiceDeployment.class)
                            .inNamespace(namespace)
                            .withName("api")
                            .get()
                    == null);
            assertThat(runs("api")).isEqualTo(2);
        }
    }

    @Test
    void aRunNeverSeesAnOlderStatusThanItsLastOne() {
        try (Lightkeeper _ = start()) {
            pipeline.nextRun = Duration.ofMillis(10);
            pipeline.message = runs -> "run " + runs;
            create("api");
            await().until(() -> runs("api") >= 60);

            List<ServiceDeployment> seen = List.copyOf(seen("api"));
            for (int run = 1; run < 60; run++) {
                assertThat(seen.get(run).getStatus().conditions().getFirst().message())
                        .isEqualTo("run " + run);
            }
        }
    }

    @Test
    void anEqualStatusIsNotWritten() {
        try (Lightkeeper _ = start()) {
            create("api");
            await().until(() -> ready("api") == ConditionStatus.True);
            String version = get("api").getMetadata().getResourceVersion();
            pipeline.nextRun = Duration.ofMillis(50);
            annotate("api", "lightkeeper.dev/retry-requested-at", "1");
            String annotated = get("api").getMetadata().getResourceVersion();
            int before = runs("api");
            await().until(() -> runs("api") >= before + 5);

            assertThat(annotated).isNotEqualTo(version);
            assertThat(get("api").getMetadata().getResourceVersion()).isEqualTo(annotated);
        }
    }

    @Test
    void aFailingRunIsRepeatedAndToldAndAnotherResourceGoesOn() {
        try (Lightkeeper _ = start()) {
            create("api");
            await().until(() -> ready("api") == ConditionStatus.True);
            pipeline.failing = "api";
            annotate("api", "lightkeeper.dev/retry-requested-at", "1");
            create("other");

            await().until(() -> ready("other") == ConditionStatus.True);
            await().until(() -> ready("api") == ConditionStatus.Unknown);
            pipeline.failing = "";
            await().until(() -> ready("api") == ConditionStatus.True);
        }
    }

    @Test
    void anObjectOfANewerVersionDoesNotStopTheOperator() {
        NewerVersion future = new NewerVersion(client, namespace);
        try {
            future.create("stored-before");
            try (Lightkeeper _ = start()) {
                create("plain");
                future.create("created-later");

                await().until(() -> runs("plain") == 1 && runs("stored-before") == 1 && runs("created-later") == 1);
                assertThat(seen("created-later").getFirst().getSpec().driftPolicy())
                        .isNull();
            }
        } finally {
            client.resources(ServiceDeployment.class)
                    .inNamespace(namespace)
                    .list()
                    .getItems()
                    .forEach(left -> {
                        left.getMetadata().setFinalizers(List.of());
                        patch(left.getMetadata().getName(), "{\"metadata\":{\"finalizers\":null}}");
                        client.resource(left).delete();
                    });
            NewerVersion.undo(cluster);
        }
    }

    @Test
    void anAccountIsToldOfAndStaysWhileItIsNamed() {
        ServiceDeployment user = Manifests.serviceDeployment(namespace, "user");
        AwsAccount account = Manifests.awsAccount("default");
        client.resource(account).create();
        client.resource(user).create();
        try (Lightkeeper _ = start("LIGHTKEEPER_SPEED", "60")) {
            await().until(() -> account("default").getStatus() != null
                    && account("default").getStatus().conditions().size() == 6);
            assertThat(account("default").getStatus().conditions())
                    .extracting(condition -> condition.type() + "=" + condition.status() + "/" + condition.reason())
                    .containsExactly(
                            "Ready=True/Verified",
                            "IdentityVerified=True/Verified",
                            "PermissionsVerified=Unknown/NotExercised",
                            "Reachable=True/Reachable",
                            "AutomationAllowed=True/Closed",
                            "InUse=True/InUse");

            client.resource(account).delete();
            assertThat(account("default").getMetadata().getDeletionTimestamp()).isNotNull();
            pipeline.released = true;
            client.resource(user).delete();

            await().until(() ->
                    client.resources(AwsAccount.class).withName("default").get() == null);
        }
    }

    @Test
    void closingWaitsForTheRunAndIsQuick() throws InterruptedException {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Lightkeeper lightkeeper = start();
        pipeline.before = () -> {
            began.countDown();
            return opened(goOn);
        };
        create("api");
        assertThat(began.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();

        Thread closing = Thread.ofVirtual().start(lightkeeper::close);
        assertThat(closing.join(Duration.ofMillis(300))).isFalse();
        goOn.countDown();

        assertThat(closing.join(Duration.ofSeconds(20))).isTrue();
        assertThat(ready("api")).isEqualTo(ConditionStatus.True);
    }

    @Test
    void withElectionTheStandbyIsReadyAndTakesOver() throws Exception {
        try (Lightkeeper standby = elected("b", elected("a", null))) {
            create("api");
            await().until(() -> ready("api") == ConditionStatus.True);
            await().until(() -> status(standby, "/readyz") == 200);
            assertThat(status(standby, "/metrics")).isEqualTo(200);
        }
    }

    /** Starts a further replica, and closes {@code leader} once it stands by. */
    private Lightkeeper elected(String pod, @Nullable Lightkeeper leader) {
        Lightkeeper made = start("LIGHTKEEPER_LEADER_ELECTION", "true", "LIGHTKEEPER_POD_NAME", pod);
        if (leader != null) {
            leader.close();
        }
        return made;
    }

    private static int status(Lightkeeper lightkeeper, String path) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + lightkeeper.port() + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .statusCode();
        }
    }

    private static boolean opened(CountDownLatch latch) {
        try {
            return latch.await(LONG.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Lightkeeper start(String... settings) {
        Map<String, String> environment = new ConcurrentHashMap<>(Map.of(
                "LIGHTKEEPER_WATCH_NAMESPACES",
                namespace,
                "LIGHTKEEPER_NAMESPACE",
                namespace,
                "LIGHTKEEPER_LEADER_ELECTION",
                "false",
                "LIGHTKEEPER_LISTEN",
                "0"));
        for (int i = 0; i < settings.length; i += 2) {
            environment.put(settings[i], settings[i + 1]);
        }
        Parsed.Valid valid = (Parsed.Valid) Environment.parse(environment);
        return Lightkeeper.start(
                valid.config(),
                client,
                _ -> new Lightkeeper.Steps(pipeline, LightkeeperIT::initial, new GoodAccount(), Trace.NONE, () -> {}),
                fatal::incrementAndGet,
                Clock.systemUTC(),
                new Random(1));
    }

    private static ServiceDeploymentStatus initial(ServiceDeployment resource) {
        return Manifests.status(
                resource.getMetadata().getGeneration(),
                List.of(new Condition("Ready", ConditionStatus.Unknown, 1L, LONG_AGO, "Initializing", "not seen yet")));
    }

    private void create(String name) {
        client.resource(Manifests.serviceDeployment(namespace, name)).create();
    }

    private ServiceDeployment get(String name) {
        return client.resources(ServiceDeployment.class)
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    private AwsAccount account(String name) {
        return client.resources(AwsAccount.class).withName(name).get();
    }

    private @Nullable ConditionStatus ready(String name) {
        return get(name).getStatus().conditions().stream()
                .findFirst()
                .map(Condition::status)
                .orElse(null);
    }

    private void annotate(String name, String annotation, String value) {
        patch(name, "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}".formatted(annotation, value));
    }

    private void patch(String name, String patch) {
        ServiceDeployment _ = client.resources(ServiceDeployment.class)
                .inNamespace(namespace)
                .withName(name)
                .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }

    private List<ServiceDeployment> seen(String name) {
        return pipeline.seen.getOrDefault(name, List.of());
    }

    private int runs(String name) {
        return seen(name).size();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(LONG);
    }

    /** Waits for that many runs, and then for a moment in which no more come. */
    private void causes(int wanted, Runnable change) {
        int before = runs("api");
        change.run();
        await().until(() -> runs("api") >= before + wanted);
        await().pollDelay(QUIET).until(() -> true);
        assertThat(runs("api")).isEqualTo(before + wanted);
    }

    private static final class GoodAccount implements AccountReport {
        @Override
        public Identity identity(AwsAccount account) {
            return new Identity.Verified("123456789012", "arn:aws:sts::123456789012:assumed-role/lightkeeper/x");
        }

        @Override
        public Experience experience(AwsAccount account) {
            return Experience.NONE;
        }

        @Override
        public Observed<BigDecimal> cost(AwsAccount account) {
            return new Observed.Present<>(BigDecimal.ZERO);
        }
    }
}
