package dev.lightkeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.lightkeeper.api.v1alpha1.AwsAccount;
import dev.lightkeeper.api.v1alpha1.Condition;
import dev.lightkeeper.api.v1alpha1.ConditionStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentStatus;
import dev.lightkeeper.config.OperatorConfig;
import dev.lightkeeper.flow.StatusLinter;
import dev.lightkeeper.kube.KubernetesClients;
import dev.lightkeeper.simulators.aws.AwsSimulator;
import dev.lightkeeper.simulators.aws.lightsail.RegionControl;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** A Kubernetes API, simulated AWS and the running operator: everything is as in a cluster, only faster. */
public final class World implements AutoCloseable {
    /** Far more than it takes; a busy machine is slow, and that is not what is tested. */
    public static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final double SPEED = 60;

    private static final String REGION = "us-east-2";

    private final Cluster cluster;
    private final AwsSimulator aws;
    private final KubernetesClient client;
    private final String namespace;
    private final Lightkeeper operator;
    private final StatusLinter linter = new StatusLinter(Set::of);
    private final Map<String, ServiceDeploymentStatus> told = new ConcurrentHashMap<>();
    private final List<String> breaches = new CopyOnWriteArrayList<>();
    /** Begins again by itself where a busy server has forgotten what a watch would go on from. */
    private final SharedIndexInformer<ServiceDeployment> statuses;

    /**
     * Starts everything, with an AwsAccount that the new namespace may use.
     *
     * @param cluster closed with this world
     */
    public World(Cluster cluster) {
        this(cluster, SPEED);
    }

    /**
     * The same at another speed, for what takes real time of its own: at the usual one, ten minutes without news are ten
     * seconds.
     *
     * @param speed simulated seconds in a real one, for AWS and for the operator
     */
    public World(Cluster cluster, double speed) {
        this.cluster = cluster;
        aws = AwsSimulator.builder().speed(speed).start();
        cluster.installCrds();
        Config config = Config.fromKubeconfig(cluster.kubeConfig());
        client = KubernetesClients.client(config);
        namespace = cluster.newNamespace(client);
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName("aws")
                        .endMetadata()
                        .addToStringData("aws_access_key_id", AwsSimulator.DEFAULT_ACCESS_KEY)
                        .addToStringData("aws_secret_access_key", AwsSimulator.DEFAULT_SECRET_KEY)
                        .build())
                .create();
        account(AwsSimulator.DEFAULT_ACCOUNT);
        statuses = client.resources(ServiceDeployment.class)
                .inNamespace(namespace)
                .inform(new ResourceEventHandler<>() {
                    @Override
                    public void onAdd(ServiceDeployment resource) {
                        lint(resource);
                    }

                    @Override
                    public void onUpdate(ServiceDeployment before, ServiceDeployment resource) {
                        lint(resource);
                    }

                    @Override
                    public void onDelete(ServiceDeployment resource, boolean stateUnknown) {}
                });
        operator = Lightkeeper.start(
                new OperatorConfig(
                        Set.of(namespace),
                        namespace,
                        "test",
                        false,
                        "lightkeeper",
                        true,
                        aws.endpoint(),
                        speed,
                        0,
                        20,
                        Duration.ofSeconds(5)),
                client,
                new Assembly(),
                () -> {},
                Clock.systemUTC(),
                new Random(1));
    }

    /** The AwsAccount of this world, named after its namespace. */
    public void account(String accountId) {
        account(namespace, accountId, "aws");
    }

    /** An AwsAccount of another name, whose keys are in a Secret of this world's namespace. */
    public void account(String name, String accountId, String secret) {
        apply(AwsAccount.class, """
                apiVersion: lightkeeper.dev/v1alpha1
                kind: AwsAccount
                metadata: {name: %1$s}
                spec:
                  accountId: "%2$s"
                  defaultRegion: us-east-2
                  allowedRegions: [us-east-2]
                  credentials: {secretRef: {namespace: %3$s, name: %4$s}}
                  access:
                    namespaces: {}
                    serviceNamePatterns: ["*"]
                    parameterPaths: ["/{namespace}/*"]
                    allowDeletion: true
                    allowAdoption: true
                    ec2: {instanceTags: {managed-by: lightkeeper}, runAsUsers: [ubuntu]}
                """.formatted(name, accountId, namespace, secret));
    }

    /** The shortest useful manifest, with short periods, the given image and further lines of its container. */
    public ServiceDeployment deploy(String name, String image, String... container) {
        return deployTo(namespace, name, image, container);
    }

    /** The same for an AwsAccount of another name. */
    public ServiceDeployment deployTo(String account, String name, String image, String... container) {
        return apply(ServiceDeployment.class, """
                apiVersion: lightkeeper.dev/v1alpha1
                kind: ServiceDeployment
                metadata: {name: %1$s, namespace: %2$s}
                spec:
                  accountRef: {name: %5$s}
                  lightsail: {serviceName: %1$s, power: nano}
                  deletionPolicy: Delete
                  containers:
                    - name: api
                      image: "%3$s"
                      ports: [{containerPort: 3697}]
                %4$s
                  publicEndpoint: {healthCheck: {path: /health/live}}
                  readiness: {path: /health/ready, periodSeconds: 1, timeoutSeconds: 1}
                  verification: {deadlineSeconds: 65, backoff: {initialSeconds: 1, factor: 1, maxSeconds: 1}}
                  rollout: {minReadySeconds: 1, bakeSeconds: 6}
                """.formatted(
                        name, namespace, image, String.join("\n", container).indent(6), account));
    }

    /** Sets the scale, as {@code kubectl scale} does. */
    public void scale(String name, int replicas) {
        var _ = client.resources(ServiceDeployment.class)
                .inNamespace(namespace)
                .withName(name)
                .scale(replicas);
    }

    /** Waits until the resource is gone. */
    public void untilGone(String name) {
        await().alias(name)
                .atMost(PATIENCE)
                .until(() -> client.resources(ServiceDeployment.class)
                                .inNamespace(namespace)
                                .withName(name)
                                .get()
                        == null);
    }

    /** Applies by server-side apply, as kubectl does. */
    public <T extends HasMetadata> T apply(Class<T> type, String yaml) {
        return client.resource(client.getKubernetesSerialization().unmarshal(yaml, type))
                .forceConflicts()
                .serverSideApply();
    }

    /** A ConfigMap of this world's namespace, made or replaced. */
    public void configMap(String name, Map<String, String> data) {
        client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(name)
                        .endMetadata()
                        .withData(data)
                        .build())
                .forceConflicts()
                .serverSideApply();
    }

    /** Waits until the resource satisfies a condition; fails with its conditions otherwise. */
    public ServiceDeployment until(String name, Predicate<ServiceDeployment> wanted) {
        return await().alias(name)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .conditionEvaluationListener(evaluated -> {})
                .until(() -> get(name), found -> found.getStatus() != null && wanted.test(found));
    }

    /** Waits until a condition of this generation has that status and reason. */
    public ServiceDeployment until(String name, String type, ConditionStatus status, String reason) {
        try {
            return until(
                    name,
                    found -> condition(found, type)
                            .filter(condition -> condition.status() == status
                                    && condition.reason().equals(reason)
                                    && condition.observedGeneration() != null
                                    && condition
                                            .observedGeneration()
                                            .equals(found.getMetadata().getGeneration()))
                            .isPresent());
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            throw new AssertionError(
                    "%s did not become %s=%s/%s:%n%s".formatted(name, type, status, reason, describe(name)), e);
        }
    }

    /** Waits until the resource is Ready for its generation. */
    public ServiceDeployment untilReady(String name) {
        return until(name, "Ready", ConditionStatus.True, "Verified");
    }

    /** Waits until a release is verified and none is under way or baking. */
    public ServiceDeployment untilSteady(String name) {
        return until(
                name,
                found ->
                        found.getStatus().rollout() == null && found.getStatus().lastVerifiedRevision() != null);
    }

    /** The condition of that type. */
    public static Optional<Condition> condition(ServiceDeployment resource, String type) {
        return resource.getStatus().conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst();
    }

    /** The resource as stored. */
    public ServiceDeployment get(String name) {
        return client.resources(ServiceDeployment.class)
                .inNamespace(namespace)
                .withName(name)
                .require();
    }

    /** Status and events of a resource, for the message of a failing test. */
    public String describe(String name) {
        return new ObjectMapper(new YAMLFactory())
                        .findAndRegisterModules()
                        .valueToTree(get(name).getStatus())
                + "\n"
                + String.join("\n", events(name));
    }

    /** The events of a resource, {@code reason: message}. */
    public List<String> events(String name) {
        return client.v1().events().inNamespace(namespace).list().getItems().stream()
                .filter(event -> name.equals(event.getInvolvedObject().getName()))
                .map((Event event) -> event.getReason() + ": " + event.getMessage())
                .toList();
    }

    /** What a path of the operator's own HTTP server answers. */
    public String ask(String path) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + operator.port() + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Simulated AWS. */
    public AwsSimulator aws() {
        return aws;
    }

    /** Lightsail past its API: what other people's hands do. */
    public RegionControl lightsail() {
        return aws.in(REGION);
    }

    /** A client with all rights. */
    public KubernetesClient client() {
        return client;
    }

    /** The namespace of this world. */
    public String namespace() {
        return namespace;
    }

    private void lint(ServiceDeployment resource) {
        ServiceDeploymentStatus status = resource.getStatus();
        if (status == null
                || status.observedGeneration() == null
                || status.conditions().isEmpty()) {
            return;
        }
        String name = resource.getMetadata().getName();
        ServiceDeploymentStatus before = told.put(name, status);
        try {
            // Seen from outside, the generation may be newer than what the status is about.
            linter.status(
                    before == null ? status : before, status, Objects.requireNonNull(status.observedGeneration()));
        } catch (AssertionError e) {
            breaches.add(name + ": " + e.getMessage());
        }
    }

    /** Ends everything; fails when any status that was seen broke a rule of statuses. */
    @Override
    public void close() {
        operator.close();
        statuses.close();
        // Cluster-scoped: where the cluster goes on, the operator of the next world would work for them.
        client.resources(AwsAccount.class).list().getItems().stream()
                .filter(account -> account.getMetadata().getName().startsWith(namespace))
                .forEach(account -> {
                    account.getMetadata().setFinalizers(List.of());
                    client.resource(account).update();
                    client.resource(account).delete();
                });
        aws.close();
        client.close();
        cluster.close();
        assertThat(breaches).isEmpty();
    }
}
