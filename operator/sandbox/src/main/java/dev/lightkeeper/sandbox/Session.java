package dev.lightkeeper.sandbox;

import dev.lightkeeper.sandbox.stories.Story;
import dev.lightkeeper.simulators.aws.AwsSimulator;
import dev.lightkeeper.simulators.aws.application.ImageCatalogue;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** One run of the program with its options. */
@Command(
        name = "lightkeeper-sandbox",
        sortOptions = false,
        usageHelpWidth = 110,
        description = "Runs Lightkeeper on this machine: a Kubernetes API, simulated AWS and the operator.",
        footer = {
            "",
            "Every option may also be given as a property, for example -Dsandbox.story=stale-image.",
            "Ctrl-C ends it and everything that it started."
        })
final class Session implements Callable<Integer> {
    private static final String EMBEDDED = "embedded";
    private static final String SERVER = "server";
    private static final int NOT_SO = 1;
    private static final int CANNOT_START = 2;
    private static final int HIGHEST_PORT = 65_535;
    private static final double FASTEST = 1_000;

    @Option(
            names = "--kubernetes",
            paramLabel = "embedded|server|FILE",
            defaultValue = EMBEDDED,
            description =
                    "embedded (default): a small Kubernetes API in this process. server: a kube-apiserver of its own, from the "
                            + "binaries in the folder that the environment variable "
                            + Cluster.BINARIES
                            + " names. A path: the cluster that this kubeconfig names.")
    private String kubernetes = EMBEDDED;

    @Option(
            names = "--speed",
            paramLabel = "N",
            defaultValue = "60",
            description = "How many times faster than in reality AWS and the operator's own intervals are, 1 to 1000 "
                    + "(default 60). What a manifest says in seconds stays as it is.")
    private double speed;

    @Option(
            names = "--aws-port",
            paramLabel = "N",
            defaultValue = "0",
            description = "Port of simulated AWS on 127.0.0.1 (default 0: any free one).")
    private int awsPort;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port of the embedded Kubernetes API on 127.0.0.1 (default: any free one).")
    private @Nullable Integer port;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            defaultValue = ".sandbox/kubeconfig",
            description =
                    "Where to write how kubectl reaches it (default .sandbox/kubeconfig). The operator's log is beside it.")
    private Path kubeconfig = Path.of(".sandbox", "kubeconfig");

    @Option(
            names = "--apply",
            paramLabel = "PATH|none",
            description =
                    "A manifest, or a folder of manifests, to apply at the start (default manifests/samples; with "
                            + "--story none).")
    private @Nullable String apply;

    @Option(
            names = "--images",
            paramLabel = "FILE",
            description = "What images do in the simulated world, instead of the built-in catalogue.")
    private @Nullable Path images;

    @Option(
            names = "--once",
            description = "End with 0 as soon as everything applied is Ready, with 1 and the reasons when it is not.")
    private boolean once;

    @Option(
            names = "--story",
            paramLabel = "NAME",
            converter = StoryName.class,
            description = "Play an incident, end with 0 when it was found, named and repaired as it should be. "
                    + "--list-stories has the names.")
    private @Nullable Story story;

    @Option(names = "--list-stories", description = "List the incidents that can be played, and end.")
    private boolean listStories;

    @Option(
            names = "--watch",
            description = "Start nothing, but show a live table of all that runs in the cluster of --kubeconfig, for "
                    + "example of a sandbox in another terminal; plain lines where the output is no terminal.")
    private boolean watch;

    @Option(
            names = "--end-with-parent",
            hidden = true,
            description = "End when the process that started this one has ended.")
    private boolean endWithParent;

    static final class StoryName implements picocli.CommandLine.ITypeConverter<Story> {
        @Override
        public Story convert(String name) {
            return Story.named(name)
                    .orElseThrow(() -> new TypeConversionException(
                            "there is no story \"%s\"; there are %s".formatted(name, Story.names())));
        }
    }

    @Override
    public Integer call() {
        if (listStories) {
            Terminal.standard().say(Story.list());
            return 0;
        }
        if (!(speed >= 1 && speed <= FASTEST)) {
            throw new CannotStart("--speed: %s is not between 1 and 1000".formatted(speed));
        }
        checkPort("--aws-port", awsPort);
        checkPort("--port", port == null ? 0 : port);
        if (watch) {
            return watch();
        }
        // First of all, since whatever logs opens the log where this says.
        KubeconfigFile file = new KubeconfigFile(kubeconfig, external());
        file.check();
        Cluster cluster = cluster();
        Path samples = samples();
        if (once && samples == null) {
            throw new CannotStart("--once needs something to apply: say --apply PATH");
        }
        ImageCatalogue catalogue = catalogue();
        Opened opened = new Opened();
        Ending ending = new Ending(opened, once || story != null ? NOT_SO : 0);
        ending.install();
        if (endWithParent) {
            ending.withParent();
        }
        int answer = run(cluster, catalogue, samples, file, opened, ending);
        ending.exit(answer);
        return answer;
    }

    private int watch() {
        KubeconfigFile.logNothing();
        Opened opened = new Opened();
        Ending ending = new Ending(opened, 0);
        ending.install();
        if (endWithParent) {
            ending.withParent();
        }
        int answer = 0;
        try {
            new Watch(kubeconfig, Clock.systemUTC()).run(opened);
        } catch (CannotStart e) {
            opened.close();
            System.err.println(e.getMessage());
            answer = CANNOT_START;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ending.exit(answer);
        return answer;
    }

    private int run(
            Cluster cluster,
            ImageCatalogue catalogue,
            @Nullable Path samples,
            KubeconfigFile file,
            Opened opened,
            Ending ending) {
        Terminal terminal = Terminal.standard();
        AtomicReference<Duration> answering = new AtomicReference<>(Duration.ZERO);
        try {
            terminal.say(Terminal.Tone.STRONG, "Lightkeeper sandbox");
            terminal.say("  Kubernetes  %s".formatted(cluster.description()));
            World world = World.start(
                    cluster,
                    new World.Settings(
                            awsPort,
                            speed,
                            catalogue,
                            () -> {
                                ending.takesDown(file.write(cluster.kubeConfig()));
                                answering.set(Footprint.age());
                            },
                            () -> {
                                terminal.say(Terminal.Tone.BAD, "The operator cannot go on; see " + file.log());
                                ending.exit(NOT_SO);
                            }),
                    opened);
            introduce(terminal, world, file);
            if (story != null) {
                return story.play(world, terminal) ? 0 : NOT_SO;
            }
            var _ = opened.add(new Narrator(terminal, namespace -> true, world.sightings(), world.client()));
            List<HasMetadata> declared = declare(terminal, world, samples, file);
            Outcome outcome = new Outcome(world.sightings(), declared);
            if (once) {
                boolean good = outcome.await(terminal, patience());
                terminal.say(
                        Terminal.Tone.FAINT,
                        Footprint.summary(Objects.requireNonNull(answering.get()), outcome.firstReady()));
                return good ? 0 : NOT_SO;
            }
            Duration firstReady = outcome.awaitFirstReady();
            terminal.say(
                    Terminal.Tone.FAINT,
                    Footprint.summary(Objects.requireNonNull(answering.get()), Optional.of(firstReady)));
            new CountDownLatch(1).await();
            return 0;
        } catch (CannotStart e) {
            System.err.println(e.getMessage());
            return CANNOT_START;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return NOT_SO;
        }
    }

    private Duration patience() {
        return Duration.ofSeconds(120 + Math.round(1_200 / speed));
    }

    private List<HasMetadata> declare(Terminal terminal, World world, @Nullable Path samples, KubeconfigFile file) {
        if (samples == null) {
            commands(terminal, file);
            return List.of();
        }
        List<HasMetadata> read = world.manifests().read(samples);
        terminal.say("");
        terminal.say(Terminal.Tone.STRONG, "Declared, from " + Samples.shown(samples));
        for (HasMetadata object : read) {
            String namespace = object.getMetadata().getNamespace();
            terminal.say("  %s %s"
                    .formatted(
                            object.getKind(),
                            namespace == null ? object.getMetadata().getName() : Sightings.key(object)));
        }
        if (!once) {
            commands(terminal, file);
        }
        terminal.say("");
        terminal.say(Terminal.Tone.STRONG, "What happens");
        try {
            return read.stream().map(world.manifests()::apply).toList();
        } catch (KubernetesClientException e) {
            throw new CannotStart("--apply: %s is refused: %s".formatted(samples, e.getMessage()), e);
        }
    }

    private void introduce(Terminal terminal, World world, KubeconfigFile file) {
        terminal.say("  kubeconfig  %s".formatted(file.path()));
        terminal.say("  AWS         simulated, account %s, at %s"
                .formatted(AwsSimulator.DEFAULT_ACCOUNT, world.aws().endpoint()));
        terminal.say(
                "  Operator    in this process, %s times faster than in reality; log %s, metrics http://127.0.0.1:%d/metrics"
                        .formatted(
                                speed == Math.rint(speed) ? Long.toString(Math.round(speed)) : Double.toString(speed),
                                file.log(),
                                world.metricsPort()));
    }

    private static void commands(Terminal terminal, KubeconfigFile file) {
        String kubectl = "  kubectl --kubeconfig " + file.path() + " ";
        terminal.say("");
        terminal.say(Terminal.Tone.STRONG, "To try in another terminal, in this folder (Ctrl-C here ends everything)");
        terminal.say(kubectl + "get sdep -A");
        terminal.say(kubectl + "describe sdep/api -n production");
        terminal.say(kubectl + "scale sdep/api -n production --replicas=3");
        terminal.say(kubectl + "edit sdep/api -n production");
        terminal.say(kubectl + "explain sdep.spec");
        // With its path, since the first java that is found may be too old.
        String java = "  %s -jar %s "
                .formatted(Path.of(System.getProperty("java.home"), "bin", "java"), Samples.shown(Samples.jar()));
        terminal.say(java + "--watch --kubeconfig " + file.path());
        terminal.say(java + "--story stale-image --kubeconfig .sandbox/story/kubeconfig");
    }

    private static void checkPort(String option, int given) {
        if (given < 0 || given > HIGHEST_PORT) {
            throw new CannotStart("%s: %d is no port".formatted(option, given));
        }
    }

    private boolean external() {
        return !kubernetes.equals(EMBEDDED) && !kubernetes.equals(SERVER);
    }

    private Cluster cluster() {
        if (kubernetes.equals(EMBEDDED)) {
            return Cluster.embedded(port == null ? 0 : port);
        }
        if (port != null) {
            throw new CannotStart("--port is for --kubernetes=embedded; a kube-apiserver takes any free port");
        }
        if (external()) {
            return Cluster.existing(Path.of(kubernetes));
        }
        String binaries = System.getenv(Cluster.BINARIES);
        if (binaries == null) {
            throw new CannotStart(
                    "--kubernetes=server: set %s to a folder with kube-apiserver and etcd (.ci/kubernetes/build makes one)"
                            .formatted(Cluster.BINARIES));
        }
        return Cluster.server(Path.of(binaries));
    }

    private @Nullable Path samples() {
        if ("none".equals(apply) || (apply == null && story != null)) {
            return null;
        }
        return apply == null ? Samples.find() : Samples.existing(Path.of(apply));
    }

    private ImageCatalogue catalogue() {
        if (images == null) {
            return ImageCatalogue.builtIn();
        }
        try {
            return ImageCatalogue.load(images);
        } catch (IOException e) {
            throw new CannotStart("--images: %s cannot be read".formatted(images), e);
        } catch (IllegalArgumentException e) {
            throw new CannotStart("--images: %s: %s".formatted(images, e.getMessage()), e);
        }
    }
}
