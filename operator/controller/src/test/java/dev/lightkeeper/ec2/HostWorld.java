package dev.lightkeeper.ec2;

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
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

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

    Result run(HostRequest request) {
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
    Result done(HostRequest request) {
        Result result = run(request);
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.answer().path("result").asText()).isEqualTo("Done");
        return result;
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
                HostWorld.class.getResourceAsStream("lightkeeper-host.sh"), "the host script is missing")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
