package dev.lightkeeper.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.config.Environment.Parsed;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentTest {
    @Test
    void anEmptyEnvironmentIsValid() {
        assertThat(Environment.parse(Map.of())).isInstanceOfSatisfying(Parsed.Valid.class, valid -> {
            OperatorConfig config = valid.config();
            assertThat(config.watchedNamespaces()).isEmpty();
            assertThat(config.leaderElection()).isTrue();
            assertThat(config.probePrivateAddresses()).isFalse();
            assertThat(config.awsEndpoint()).isNull();
            assertThat(config.speed()).isEqualTo(1);
            assertThat(config.listenPort()).isEqualTo(8080);
            assertThat(config.shutdown()).isEqualTo(Duration.ofSeconds(20));
        });
    }

    @Test
    void everySettingIsRead() {
        Parsed parsed = Environment.parse(Map.ofEntries(
                Map.entry("LIGHTKEEPER_WATCH_NAMESPACES", "production, staging"),
                Map.entry("LIGHTKEEPER_NAMESPACE", "ops"),
                Map.entry("LIGHTKEEPER_POD_NAME", "lightkeeper-1"),
                Map.entry("LIGHTKEEPER_LEADER_ELECTION", "false"),
                Map.entry("LIGHTKEEPER_LEASE_NAME", "keeper"),
                Map.entry("LIGHTKEEPER_PROBE_PRIVATE_ADDRESSES", "true"),
                Map.entry("LIGHTKEEPER_AWS_ENDPOINT", "http://127.0.0.1:4566"),
                Map.entry("LIGHTKEEPER_SPEED", "20"),
                Map.entry("LIGHTKEEPER_LISTEN", "0"),
                Map.entry("LIGHTKEEPER_MAX_CONCURRENT_RECONCILES", "7"),
                Map.entry("LIGHTKEEPER_SHUTDOWN_SECONDS", "3"),
                Map.entry("LIGHTKEEPER_LOG_FORMAT", "json"),
                Map.entry("LIGHTKEEPER_LOG_LEVEL", "DEBUG")));

        assertThat(parsed)
                .isEqualTo(new Parsed.Valid(
                        new OperatorConfig(
                                java.util.Set.of("production", "staging"),
                                "ops",
                                "lightkeeper-1",
                                false,
                                "keeper",
                                true,
                                URI.create("http://127.0.0.1:4566"),
                                20,
                                0,
                                7,
                                Duration.ofSeconds(3)),
                        new LogConfig("json", "DEBUG", false)));
    }

    @Test
    void theFileSaysWhatTheEnvironmentDoesNot(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("settings"), """
                # what the team agreed on
                LIGHTKEEPER_NAMESPACE = ops
                LIGHTKEEPER_LEASE_NAME=from-file
                LIGHTKEEPER_LOG_FORMAT=json
                """);

        assertThat(Environment.parse(Map.of(
                        "LIGHTKEEPER_CONFIG_FILE", file.toString(), "LIGHTKEEPER_LEASE_NAME", "from-environment")))
                .isInstanceOfSatisfying(Parsed.Valid.class, valid -> {
                    assertThat(valid.config().namespace()).isEqualTo("ops");
                    assertThat(valid.config().leaseName()).isEqualTo("from-environment");
                    assertThat(valid.log()).isEqualTo(new LogConfig("json", "INFO", true));
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"LIGHTKEEPER_SPED=hunter2", "hunter2", "LIGHTKEEPER_CONFIG_FILE=/etc/another", "a=\\u00zz"})
    void whatIsNoSettingInTheFileIsAProblemThatDoesNotQuoteIt(String line, @TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("settings"), line);

        assertThat(Environment.parse(Map.of("LIGHTKEEPER_CONFIG_FILE", file.toString())))
                .isInstanceOfSatisfying(
                        Parsed.Invalid.class,
                        invalid -> assertThat(invalid.problems())
                                .singleElement()
                                .asString()
                                .startsWith("LIGHTKEEPER_CONFIG_FILE must be a file")
                                .doesNotContain("hunter2"));
    }

    @Test
    void aFileThatIsNotThereIsAProblem() {
        assertThat(Environment.parse(Map.of("LIGHTKEEPER_CONFIG_FILE", "/nowhere/at/all")))
                .isInstanceOf(Parsed.Invalid.class);
    }

    @Test
    void aWrongValueInTheFileIsToldLikeOneInTheEnvironment(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("settings"), "LIGHTKEEPER_LISTEN=70000");

        assertThat(Environment.parse(Map.of("LIGHTKEEPER_CONFIG_FILE", file.toString())))
                .isEqualTo(new Parsed.Invalid(List.of("LIGHTKEEPER_LISTEN must be a whole number from 0 to 65535")));
    }

    @Test
    void everyProblemIsToldAtOnceAndNoValueIsQuoted() {
        Parsed parsed = Environment.parse(Map.of(
                "LIGHTKEEPER_WATCH_NAMESPACES", "Production",
                "LIGHTKEEPER_LEADER_ELECTION", "hunter2",
                "LIGHTKEEPER_AWS_ENDPOINT", "http://user:hunter2@host",
                "LIGHTKEEPER_SPEED", "NaN",
                "LIGHTKEEPER_LISTEN", "70000",
                "LIGHTKEEPER_LOG_FORMAT", "xml",
                "LIGHTKEEPER_SPED", "2"));

        assertThat(parsed)
                .isInstanceOfSatisfying(
                        Parsed.Invalid.class,
                        invalid -> assertThat(invalid.problems())
                                .hasSize(7)
                                .noneMatch(problem -> problem.contains("hunter2"))
                                .contains("LIGHTKEEPER_SPED is not a setting of this version")
                                .contains("LIGHTKEEPER_LISTEN must be a whole number from 0 to 65535"));
    }

    @Test
    void variablesThatKubernetesSetsForServicesAreNoTypos() {
        assertThat(Environment.parse(Map.of(
                        "LIGHTKEEPER_SERVICE_HOST", "10.0.0.1",
                        "LIGHTKEEPER_SERVICE_PORT", "8080",
                        "LIGHTKEEPER_METRICS_SERVICE_PORT_HTTP", "8080",
                        "LIGHTKEEPER_PORT", "tcp://10.0.0.1:8080",
                        "LIGHTKEEPER_PORT_8080_TCP", "tcp://10.0.0.1:8080",
                        "LIGHTKEEPER_PORT_8080_TCP_ADDR", "10.0.0.1")))
                .isInstanceOf(Parsed.Valid.class);
    }

    @Test
    void noSettingCanBeTakenForAVariableOfAService() {
        Pattern link = Pattern.compile(".*_(SERVICE_HOST|SERVICE_PORT.*|PORT|PORT_\\d+.*)");

        assertThat(Setting.values())
                .noneMatch(setting -> link.matcher(setting.variable()).matches());
    }
}
