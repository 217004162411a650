package dev.lightkeeper.ec2.script;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lightkeeper.simulators.aws.SimulatorClock;
import dev.lightkeeper.simulators.aws.application.Behaviour;
import dev.lightkeeper.simulators.aws.application.ImageCatalogue;
import dev.lightkeeper.simulators.aws.host.ParameterSource;
import dev.lightkeeper.simulators.aws.host.Shell;
import dev.lightkeeper.simulators.aws.host.SimulatedHost;
import dev.lightkeeper.simulators.aws.host.SimulatedHosts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/** One simulated host on which the host script runs, with parameters and images. */
final class HostWorld implements AutoCloseable {
    static final String SCRIPT = read();
    static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    final SimulatorClock clock = SimulatorClock.manual(Instant.parse("2026-11-27T12:00:00Z"));
    final ImageCatalogue images = ImageCatalogue.empty();
    final Map<String, String> parameters = new HashMap<>();
    final Set<String> denied = new HashSet<>();
    final SimulatedHosts hosts = new SimulatedHosts(clock, images, this::parameter);
    final SimulatedHost host = hosts.shell("i-0123456789abcdef0", "123456789012", "eu-central-1");

    /** What the script answered. */
    record Result(Shell.Execution execution, JsonNode answer) {
        int exitCode() {
            return execution.exitCode();
        }

        String code() {
            return answer.path("code").asText();
        }

        JsonNode service() {
            return answer.path("services").path(0);
        }

        JsonNode process() {
            return service().path("processes").path(0);
        }
    }

    HostWorld() {
        images.put(
                "registry.example.com/api:*",
                Behaviour.builder()
                        .endpoint("/healthz", 200, "{\"version\":\"${tag}\",\"mode\":\"${env:MODE}\"}")
                        .startupLogLine(0, "api ${tag} listens")
                        .build());
    }

    Result run(Request request) {
        return run(request.script(SCRIPT));
    }

    Result run(String script) {
        Shell.Execution execution = host.run(script, PATIENCE);
        assertThat(execution.standardOutput())
                .as("standard output; standard error: %s", execution.standardError())
                .hasSizeLessThanOrEqualTo(24_000);
        assertThat(execution.standardError()).hasSizeLessThanOrEqualTo(2_000);
        try {
            JsonNode answer = JSON.readTree(execution.standardOutput());
            assertThat(answer.path("version").asInt()).as(execution.toString()).isEqualTo(1);
            return new Result(execution, answer);
        } catch (IOException e) {
            throw new AssertionError("Not one JSON document: " + execution, e);
        }
    }

    /** Runs and expects success. */
    Result done(Request request) {
        Result result = run(request);
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.answer().path("result").asText()).isEqualTo("Done");
        return result;
    }

    /** The lines of a log, without their times, as the operator will see them. */
    static String lines(JsonNode log) {
        try (InputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(
                Base64.getDecoder().decode(log.path("log").asText())))) {
            return new String(unpacked.readAllBytes(), StandardCharsets.UTF_8)
                    .replaceAll("(?m)^\\d{4}-\\d\\d-\\d\\dT[0-9:.]+(Z|[+-]\\d\\d:\\d\\d) ", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Commits files to https://git.example.com/NAME and tags the commit; files that were there stay.
     *
     * @return the commit's full id
     */
    String commit(String name, String tag, Map<String, String> files) {
        Path repository = host.root().resolve("repositories").resolve(name);
        try {
            if (!Files.exists(repository)) {
                Files.createDirectories(repository);
                git(repository, "init", "--quiet", "--initial-branch=main");
            }
            for (Map.Entry<String, String> file : files.entrySet()) {
                Path target = repository.resolve(file.getKey());
                Files.createDirectories(target.getParent());
                Files.writeString(target, file.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        git(repository, "add", "--all");
        git(repository, "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "--quiet", "-m", tag);
        git(repository, "tag", tag);
        return git(repository, "rev-parse", "HEAD").strip();
    }

    /**
     * Puts something before a tool of the host.
     *
     * @param tool in the host's {@code usr/bin}
     * @param body lines of sh, in which {@code $real} is the tool: what does not exit goes on to it
     */
    void before(String tool, String body) throws IOException {
        Path link = host.root().resolve("usr/bin").resolve(tool);
        Path file = link.toRealPath();
        Path real = file.resolveSibling(file.getFileName() + ".real");
        if (file.startsWith(host.root().toRealPath())) {
            Files.move(file, real);
        } else {
            // A tool of this machine.
            real = Files.readSymbolicLink(link);
            Files.delete(link);
            file = link;
        }
        Files.writeString(file, "#!/bin/sh\nreal='" + real + "'\n" + body + "\nexec \"$real\" \"$@\"\n");
        var _ = Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static String git(Path repository, String... arguments) {
        List<String> command = new ArrayList<>(List.of("git", "-C", repository.toString()));
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        hosts.close();
        clock.close();
    }

    private ParameterSource.Reading parameter(String account, String region, String name) {
        String value = parameters.get(name);
        if (denied.contains(name)) {
            return new ParameterSource.Denied();
        }
        return value == null ? new ParameterSource.Missing() : new ParameterSource.Value(value, 1);
    }

    private static String read() {
        try (InputStream script = Objects.requireNonNull(
                HostWorld.class.getResourceAsStream("/dev/lightkeeper/ec2/lightkeeper-host.sh"),
                "the host script is missing")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
