package dev.lightkeeper.distribution;

import dev.lightkeeper.api.v1alpha1.AwsAccount;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.kube.KubernetesClients;
import dev.lightkeeper.simulators.aws.AwsSimulator;
import dev.lightkeeper.simulators.kubernetes.KubernetesApi;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A Kubernetes API with our CRDs, simulated AWS, and an account that may do everything. */
final class Stage implements AutoCloseable {
    private static final Path CRDS = Path.of("..", "..", "crds");
    private static final String NAMESPACE = "lightkeeper";
    private static final double SPEED = 60;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final KubernetesApi kubernetes = KubernetesApi.builder().start();
    private final AwsSimulator aws = AwsSimulator.builder().speed(SPEED).start();
    private final KubernetesClient client = KubernetesClients.client(Config.fromKubeconfig(kubernetes.kubeconfig()));
    private final Path kubeconfig;
    private final int port = freePort();

    Stage(Path folder) throws IOException {
        kubeconfig = Files.writeString(folder.resolve("kubeconfig"), kubernetes.kubeconfig());
        try (Stream<Path> files = Files.list(CRDS)) {
            for (Path file : files.sorted().toList()) {
                apply(CustomResourceDefinition.class, Files.readString(file));
            }
        }
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(NAMESPACE)
                        .endMetadata()
                        .build())
                .create();
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(NAMESPACE)
                        .withName("aws")
                        .endMetadata()
                        .addToStringData("aws_access_key_id", AwsSimulator.DEFAULT_ACCESS_KEY)
                        .addToStringData("aws_secret_access_key", AwsSimulator.DEFAULT_SECRET_KEY)
                        .build())
                .create();
        apply(AwsAccount.class, """
                apiVersion: lightkeeper.dev/v1alpha1
                kind: AwsAccount
                metadata: {name: default}
                spec:
                  accountId: "%s"
                  defaultRegion: us-east-2
                  allowedRegions: [us-east-2]
                  credentials: {secretRef: {namespace: %s, name: aws}}
                  access: {namespaces: {}, serviceNamePatterns: ["*"], allowDeletion: true}
                """.formatted(AwsSimulator.DEFAULT_ACCOUNT, NAMESPACE));
    }

    /** None of those that connections are given: another test's would take it before the process does. */
    private static int freePort() {
        int first = firstOfConnections();
        return ThreadLocalRandom.current()
                .ints(Math.max(1_024, first - 10_000), Math.max(2_048, first))
                .filter(Stage::isFree)
                .findFirst()
                .orElseThrow();
    }

    private static int firstOfConnections() {
        Path range = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
        try {
            return Files.exists(range)
                    ? Integer.parseInt(Files.readString(range).strip().split("\\s+", 2)[0])
                    : 32_768;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket _ = new ServerSocket(port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** What the process has to be started with. */
    Map<String, String> environment() {
        return Map.of(
                "KUBECONFIG", kubeconfig.toAbsolutePath().toString(),
                "LIGHTKEEPER_NAMESPACE", NAMESPACE,
                "LIGHTKEEPER_PROBE_PRIVATE_ADDRESSES", "true",
                "LIGHTKEEPER_AWS_ENDPOINT", aws.endpoint().toString(),
                "LIGHTKEEPER_SPEED", String.valueOf(Math.round(SPEED)),
                "LIGHTKEEPER_LISTEN", String.valueOf(port),
                "LIGHTKEEPER_LOG_FORMAT", "json");
    }

    void deploy(String name) {
        apply(ServiceDeployment.class, """
                apiVersion: lightkeeper.dev/v1alpha1
                kind: ServiceDeployment
                metadata: {name: %1$s, namespace: %2$s}
                spec:
                  accountRef: {name: default}
                  lightsail: {serviceName: %1$s, power: nano}
                  deletionPolicy: Delete
                  containers: [{name: api, image: "ghcr.io/acme/api:1.4.162", ports: [{containerPort: 3697}]}]
                  publicEndpoint: {healthCheck: {path: /health/live}}
                  readiness: {path: /health/ready, periodSeconds: 1, timeoutSeconds: 1}
                  verification:
                    deadlineSeconds: 780
                    backoff: {initialSeconds: 1, factor: 1, maxSeconds: 1}
                    endpoints: [{name: tech, path: /api/tech/health, expect: {json: [{pointer: /status, equals: ok}]}}]
                    cors: [{name: app, path: /api/tech/health, origin: "https://app.example.com"}]
                    logMilestones: [{name: listening, pattern: "Listening on port 3697", withinSeconds: 600}]
                  rollout: {minReadySeconds: 1, bakeSeconds: 6}
                """.formatted(name, NAMESPACE));
    }

    private <T extends HasMetadata> void apply(Class<T> type, String yaml) {
        T _ = client.resource(client.getKubernetesSerialization().unmarshal(yaml, type))
                .serverSideApply();
    }

    void untilReady(String name) throws InterruptedException {
        when(name, Stage::isReady).await();
    }

    /** Hears of the finalizer, which the first reconcile of a resource begins with. */
    Awaited whenTaken(String name) {
        return when(name, resource -> !resource.getMetadata().getFinalizers().isEmpty());
    }

    /** Hears of the first status. */
    Awaited whenTold(String name) {
        return when(
                name,
                resource -> resource.getStatus() != null
                        && !resource.getStatus().conditions().isEmpty());
    }

    private static boolean isReady(ServiceDeployment resource) {
        return resource.getStatus() != null
                && resource.getStatus().conditions().stream()
                        .anyMatch(condition ->
                                condition.type().equals("Ready") && condition.status() == ConditionStatus.True);
    }

    private Awaited when(String name, Predicate<ServiceDeployment> wanted) {
        CountDownLatch come = new CountDownLatch(1);
        Watch watch = client.resources(ServiceDeployment.class)
                .inNamespace(NAMESPACE)
                .withName(name)
                .watch(new Watcher<>() {
                    @Override
                    public void eventReceived(Action action, ServiceDeployment resource) {
                        if (wanted.test(resource)) {
                            come.countDown();
                        }
                    }

                    @Override
                    public void onClose(@Nullable WatcherException cause) {}
                });
        return () -> {
            try (watch) {
                if (!come.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    throw new IllegalStateException(name + " did not get there");
                }
            }
        };
    }

    /** Something that will come. */
    interface Awaited {
        void await() throws InterruptedException;
    }

    /** What the process's own HTTP server answers. */
    String ask(String path) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    @Override
    public void close() {
        for (AutoCloseable part : List.<AutoCloseable>of(client, aws, kubernetes)) {
            try {
                part.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
