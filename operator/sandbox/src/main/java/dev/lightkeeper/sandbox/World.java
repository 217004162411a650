package dev.lightkeeper.sandbox;

import dev.lightkeeper.Assembly;
import dev.lightkeeper.Lightkeeper;
import dev.lightkeeper.config.OperatorConfig;
import dev.lightkeeper.kube.KubernetesClients;
import dev.lightkeeper.simulators.aws.AwsSimulator;
import dev.lightkeeper.simulators.aws.application.ImageCatalogue;
import dev.lightkeeper.simulators.aws.lightsail.Quotas;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;

/** Simulated AWS, a Kubernetes API and the operator, running together in this process. */
public final class World {
    /** The operator's own namespace. */
    private static final String NAMESPACE = "lightkeeper";

    private static final int WORKERS = 50;
    private static final int STORED_IMAGES = 1_000;

    private final AwsSimulator aws;
    private final KubernetesClient client;
    private final Manifests manifests;
    private final Sightings sightings;
    private final Lightkeeper operator;
    private final double speed;

    /**
     * What may differ.
     *
     * @param awsPort 0 for any free one
     * @param speed how much faster than real AWS everything is
     * @param answering called as soon as the Kubernetes API knows the CRDs; the operator starts after that
     * @param broken called when the operator cannot go on
     */
    public record Settings(int awsPort, double speed, ImageCatalogue images, Runnable answering, Runnable broken) {}

    /**
     * Starts everything; returns when the operator runs.
     *
     * @param opened closes it, also what was open already when the start failed
     */
    public static World start(Cluster cluster, Settings settings, Opened opened) {
        // First, so that a start that is interrupted leaves no process behind.
        var _ = opened.add(cluster);
        cluster.start();
        return new World(Config.fromKubeconfig(cluster.kubeConfig()), settings, opened);
    }

    private World(Config config, Settings settings, Opened opened) {
        speed = settings.speed();
        client = opened.add(KubernetesClients.client(config));
        manifests = new Manifests(client);
        manifests.installCrds();
        settings.answering().run();
        aws = opened.add(simulator(settings));
        var _ = manifests.apply(new NamespaceBuilder()
                .withNewMetadata()
                .withName(NAMESPACE)
                .endMetadata()
                .build());
        credentials();
        operator = opened.add(Lightkeeper.start(
                operator(settings, aws),
                client,
                new Assembly(),
                settings.broken(),
                Clock.systemUTC(),
                new SecureRandom()));
        sightings = opened.add(new Sightings(client));
        var _ = opened.add(new ImagePushes(aws, sightings, client));
        var _ = opened.add(new Machines(aws, sightings, client));
    }

    private static AwsSimulator simulator(Settings settings) {
        Quotas quotas = Quotas.defaults();
        try {
            return AwsSimulator.builder()
                    .port(settings.awsPort())
                    .speed(settings.speed())
                    .catalogue(settings.images())
                    // AWS keeps 150 of a service and pipelines delete old ones; here numbers like 165 must be
                    // reachable.
                    .quotas(new Quotas(
                            quotas.services(),
                            quotas.deploymentsKept(),
                            STORED_IMAGES,
                            quotas.containers(),
                            quotas.domains(),
                            quotas.tags(),
                            quotas.logPage(),
                            quotas.requestsPerSecond(),
                            quotas.requestBurst()))
                    .start();
        } catch (UncheckedIOException e) {
            throw new CannotStart(
                    "--aws-port: port %d of 127.0.0.1 is in use; choose another, or 0 for any free one"
                            .formatted(settings.awsPort()),
                    e);
        }
    }

    /** An account with {@code credentials: {ambient: {}}} finds them where the AWS SDK looks first. */
    private static void credentials() {
        System.setProperty("aws.accessKeyId", AwsSimulator.DEFAULT_ACCESS_KEY);
        System.setProperty("aws.secretAccessKey", AwsSimulator.DEFAULT_SECRET_KEY);
    }

    private static OperatorConfig operator(Settings settings, AwsSimulator aws) {
        return new OperatorConfig(
                Set.of(),
                NAMESPACE,
                "sandbox",
                false,
                "lightkeeper",
                true,
                aws.endpoint(),
                settings.speed(),
                0,
                WORKERS,
                Duration.ofSeconds(1));
    }

    /** Simulated AWS; what is done to it directly is done by other people's hands. */
    public AwsSimulator aws() {
        return aws;
    }

    /** How much faster than real AWS everything is. */
    public double speed() {
        return speed;
    }

    /** A client with all rights. */
    public KubernetesClient client() {
        return client;
    }

    /** Reads and applies. */
    public Manifests manifests() {
        return manifests;
    }

    /** What the Kubernetes API tells of all ServiceDeployments. */
    public Sightings sightings() {
        return sightings;
    }

    /** Where the operator's metrics are. */
    public int metricsPort() {
        return operator.port();
    }
}
