package dev.lightkeeper.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lightkeeper.api.v1alpha1.Ec2Target;
import dev.lightkeeper.api.v1alpha1.EnvVar;
import dev.lightkeeper.api.v1alpha1.LogGroup;
import dev.lightkeeper.api.v1alpha1.ServiceDeployment;
import dev.lightkeeper.simulators.aws.AwsSimulator;
import dev.lightkeeper.simulators.aws.ssm.ParameterControl;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The people of the simulated world who start instances: as many as a manifest on EC2 scales to, with the tags that it and
 * its account ask for, and with an agent that ships their logs where it names a group. The parameters that it names exist, and so does the code at {@value #REPOSITORY}: each tag is a
 * release, and {@code -bad} in its name makes it one that never becomes ready.
 */
final class Machines implements AutoCloseable {
    private static final String REPOSITORY = "omneuro.git";
    private static final List<String> TAGS = List.of("v1.8.1", "v1.8.2", "v1.8.3-bad");

    private final AwsSimulator aws;
    private final KubernetesClient client;
    private final Set<String> started = new HashSet<>();
    private final Errand errand;

    /** Begins to look for manifests. */
    Machines(AwsSimulator aws, Sightings sightings, KubernetesClient client) {
        this.aws = aws;
        this.client = client;
        errand = Errand.begin("machines", sightings, this::start);
    }

    private void start(ServiceDeployment resource) {
        Ec2Target target = resource.getSpec().ec2();
        if (target == null || started.contains(Sightings.key(resource))) {
            return;
        }
        Home.of(resource, client).ifPresent(home -> {
            Map<String, String> tags = new HashMap<>(target.hosts().select().tags());
            if (home.account().getSpec().access() != null
                    && home.account().getSpec().access().ec2() != null) {
                tags.putAll(home.account().getSpec().access().ec2().instanceTags());
            }
            parameters(resource, aws.ssm().in(home.region()));
            for (int i = 0; i < resource.getSpec().scale(); i++) {
                String instance = aws.ec2(home.region()).running(tags);
                LogGroup group = target.logGroup();
                if (group != null) {
                    aws.shipLogs(
                            home.region(), instance, group.name(), group.stream() == null ? instance : group.stream());
                }
                if (target.source() != null) {
                    commit(aws.host(home.region(), instance)
                            .root()
                            .resolve("repositories")
                            .resolve(REPOSITORY));
                }
            }
            started.add(Sightings.key(resource));
        });
    }

    private static void parameters(ServiceDeployment resource, ParameterControl store) {
        Ec2Target target = resource.getSpec().ec2();
        Stream<EnvVar> variables = Stream.concat(
                resource.getSpec().containers().stream().flatMap(container -> container.env().stream()),
                target == null ? Stream.of() : target.processes().stream().flatMap(process -> process.env().stream()));
        variables
                .filter(variable ->
                        variable.valueFrom() != null && variable.valueFrom().ssmParameterRef() != null)
                .forEach(variable -> {
                    String name = variable.valueFrom().ssmParameterRef().name();
                    if (store.parameters().stream()
                            .noneMatch(known -> known.name().equals(name))) {
                        var _ = store.put(name, "SecureString", "simulated-" + variable.name());
                    }
                });
    }

    private static void commit(Path repository) {
        try {
            Files.createDirectories(repository.resolve("src"));
            Files.createDirectories(repository.resolve("scripts"));
            Files.writeString(repository.resolve(".gitignore"), "dist/\n");
            Files.writeString(repository.resolve("scripts").resolve("migrate.sh"), "#!/bin/sh\n");
            git(repository, "init", "--quiet", "--initial-branch=main");
            for (String tag : TAGS) {
                String image = "brain-api" + (tag.endsWith("-bad") ? "-never-listens" : "") + ":" + tag;
                Files.writeString(
                        repository.resolve("src").resolve("brain.js"), "// simulated-image: %s\n".formatted(image));
                git(repository, "add", "--all");
                git(
                        repository,
                        "-c",
                        "user.name=Team",
                        "-c",
                        "user.email=team@example.com",
                        "commit",
                        "--quiet",
                        "-m",
                        tag);
                git(repository, "tag", tag);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void git(Path repository, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-C", repository.toString()));
        command.addAll(List.of(arguments));
        Process git = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(git.getInputStream().readAllBytes(), UTF_8);
        if (git.waitFor() != 0) {
            throw new IOException("git %s: %s".formatted(List.of(arguments), said));
        }
    }

    @Override
    public void close() {
        errand.close();
    }
}
