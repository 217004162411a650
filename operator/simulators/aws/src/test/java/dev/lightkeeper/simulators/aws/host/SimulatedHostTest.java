package dev.lightkeeper.simulators.aws.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lightkeeper.simulators.aws.SimulatorClock;
import dev.lightkeeper.simulators.aws.application.Behaviour;
import dev.lightkeeper.simulators.aws.application.ImageCatalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulatedHostTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final SimulatorClock clock = SimulatorClock.manual(Instant.parse("2026-11-27T12:00:00Z"));
    private final ImageCatalogue images = ImageCatalogue.empty();
    private final List<String> shipped = new ArrayList<>();
    private final SimulatedHosts hosts = new SimulatedHosts(
            clock,
            images,
            (account, region, name) -> switch (name) {
                case "/a" -> new ParameterSource.Value(account + " in " + region, 7);
                case "/secret" -> new ParameterSource.Denied();
                default -> new ParameterSource.Missing();
            },
            new CloudLogs() {
                @Override
                public boolean open(String account, String region, String group, boolean creates) {
                    return creates || group.equals("/there");
                }

                @Override
                public void put(String account, String region, String group, String stream, Instant at, String text) {
                    shipped.add(String.join(" ", account, region, group, stream, text));
                }
            });
    private final SimulatedHost host = hosts.shell("i-1", "123456789012", "eu-central-1");

    @AfterEach
    void close() {
        hosts.close();
        clock.close();
    }

    @Test
    void aContainerListensOnTheHostsOwnAddressSoThatHostsSharePorts() {
        images.put(
                "api:*",
                Behaviour.builder().endpoint("/", 200, "${tag} on ${node}").build());
        SimulatedHost other = hosts.shell("i-2", "123456789012", "eu-central-1");
        assertThat(ok(host, "docker run -d --name a -p 8092:80 api:1 >/dev/null; curl -s http://localhost:8092/"))
                .isEqualTo("1 on i-1");
        assertThat(ok(other, "docker run -d --name a -p 8092:80 api:2 >/dev/null; curl -s http://localhost:8092/"))
                .isEqualTo("2 on i-2");
        assertThat(host.address()).isNotEqualTo(other.address());
    }

    @Test
    void aSecondContainerOnAPortFailsAsDockerDoes() {
        Shell.Execution execution =
                run("docker run -d --name a -p 8092:80 api:1; docker run -d --name b -p 8092:80 api:1");
        assertThat(execution.exitCode()).isEqualTo(125);
        assertThat(execution.standardError()).contains("port is already allocated");
        assertThat(ok(host, "docker ps -a --format '{{.Names}} {{.Status}}'")).isEqualTo("a Up\nb Exited\n");
    }

    @Test
    void aContainerThatCrashesIsStartedAgainByItsPolicyOnly() {
        images.put("api:*", Behaviour.builder().crashAfterSeconds(10).build());
        ok(host, "docker run -d --name once api:1; docker run -d --name always --restart always api:1");
        clock.advance(Duration.ofSeconds(11));
        String format = "--format '{{.State.Status}} {{.RestartCount}} {{.State.ExitCode}}'";
        assertThat(ok(host, "docker inspect " + format + " once always")).isEqualTo("exited 0 1\nrunning 1 0\n");
    }

    @Test
    void whatIsNotStoppedByHandRunsAgainAfterAStartOfTheHost() {
        ok(
                host,
                "for n in a b c; do docker run -d --name $n --restart unless-stopped api:1; done; docker run -d --name d api:1");
        ok(host, "docker stop b");
        hosts.powered("i-1", false);
        assertThat(ok(host, "docker ps")).isEmpty();
        hosts.powered("i-1", true);
        assertThat(ok(host, "docker ps")).isEqualTo("a\nc\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "docker | --log-driver k8s-file | no log driver named 'k8s-file' is registered",
                "docker | --log-driver json-file --log-opt path=/x | unknown log opt 'path' for json-file",
                "docker | --log-driver local --log-opt max-file=1 | failed to initialize logging driver",
                "docker | --log-driver awslogs | must specify a value for log opt 'awslogs-group'",
                "docker | --log-driver awslogs --log-opt awslogs-group=/no | The specified log group does not exist",
                "docker | --log-opt max-buffer-size=1m | only supported with 'mode=non-blocking'",
                "podman | --log-driver local | invalid log driver: invalid argument",
                "podman | --log-driver k8s-file --log-opt max-size=abc | invalid size: 'abc'",
                "podman | --log-driver k8s-file --log-opt tag=x | doesn't support --log-tag",
            })
    void logDriverThatAnEngineRefusesIsRefusedInItsWords(String engine, String options, String words) {
        Shell.Execution execution = run("%s run -d --name a %s api:1".formatted(engine, options));
        assertThat(execution.exitCode()).isBetween(125, 126);
        assertThat(execution.standardError()).contains(words);
    }

    @Test
    void podmanPassesOverOptionsThatItDoesNotKnow() {
        ok(host, "podman run -d --name a --log-driver k8s-file --log-opt max-file=3 --log-opt max-size=5k api:1");
        assertThat(ok(host, "podman inspect --format '{{json .HostConfig.LogConfig}}' a"))
                .isEqualTo("{\"Type\":\"k8s-file\",\"Config\":null,\"Tag\":\"\",\"Size\":\"5kB\"}\n");
    }

    @Test
    void whatDockerShipsArrivesAndACopyOfItIsReadUnlessThereIsNone() {
        images.put("api:*", Behaviour.builder().startupLogLine(0, "hello").build());
        String awslogs = "docker run -d --name %s --log-driver awslogs --log-opt awslogs-group=/there"
                + " --log-opt awslogs-stream=%s %s api:1; ";
        ok(host, awslogs.formatted("a", "s", "") + awslogs.formatted("b", "t", "--log-opt cache-disabled=true"));
        clock.advance(Duration.ofSeconds(11));
        assertThat(shipped)
                .containsExactlyInAnyOrder(
                        "123456789012 eu-central-1 /there s hello", "123456789012 eu-central-1 /there t hello");
        assertThat(ok(host, "docker logs a")).isEqualTo("hello\n");
        assertThat(run("docker logs b").standardError()).contains("does not support reading");
        ok(host, "docker run -d --name c --log-driver none api:1");
        assertThat(run("docker logs c").standardError()).contains("does not support reading");
        assertThat(run("podman run -d --name d --log-driver none api:1; podman logs d")
                        .exitCode())
                .isEqualTo(125);
    }

    @Test
    void usersAreTheHostsOwn() {
        assertThat(ok(host, "id -un; runuser -u ubuntu -- id -un; getent passwd ubuntu | cut -d: -f1"))
                .isEqualTo("root\nubuntu\nubuntu\n");
        host.removeUser("ubuntu");
        assertThat(run("runuser -u ubuntu -- id").exitCode()).isEqualTo(1);
        assertThat(run("getent passwd ubuntu").exitCode()).isEqualTo(2);
    }

    @Test
    void dockerIsForThoseWhoMayUseIt() {
        host.addUser("guest", false);
        assertThat(run("runuser -u guest -- docker ps").standardError()).contains("permission denied");
        assertThat(host.calls())
                .anyMatch(call -> call.user().equals("guest") && call.tool().equals("docker"));
    }

    @Test
    void parametersAreReadInTheHostsAccountAndRegion() {
        String command = "aws ssm get-parameters --with-decryption --output json --names ";
        assertThat(ok(host, command + "/a /none")).contains("123456789012 in eu-central-1", "\"/none\"");
        Shell.Execution denied = run(command + "/secret");
        assertThat(denied.exitCode()).isEqualTo(254);
        assertThat(denied.standardError()).contains("AccessDeniedException");
        host.clockSkew(Duration.ofHours(1));
        assertThat(run(command + "/a").standardError()).contains("InvalidSignatureException");
    }

    @Test
    void theTimeIsTheSimulatedOneAndMayBeWrong() {
        assertThat(ok(host, "date +%s")).isEqualTo(clock.now().getEpochSecond() + "\n");
        host.clockSkew(Duration.ofSeconds(-30));
        assertThat(ok(host, "date +%s")).isEqualTo(clock.now().getEpochSecond() - 30 + "\n");
    }

    @Test
    void aScriptThatTakesTooLongIsKilledWithAllThatItStarted() {
        Shell.Execution execution = host.run("(while :; do :; done) & while :; do :; done", Duration.ofMillis(300));
        assertThat(execution.timedOut()).isTrue();
        assertThat(execution.exitCode()).isEqualTo(137);
    }

    @Test
    void nothingOfTheMachineButItsBasicToolsIsOnThePath() {
        assertThat(ok(host, "echo $PATH")).startsWith(host.root().toString()).doesNotContain(":");
        assertThat(run("python3 --version").exitCode()).isEqualTo(127);
        host.removeTool("docker");
        assertThat(run("docker ps").exitCode()).isEqualTo(127);
    }

    @Test
    void aTerminatedHostLeavesNoFolder() throws IOException {
        Path root = host.root();
        Files.writeString(root.resolve("file"), "x");
        ok(host, "docker run -d --name a -p 8092:80 api:1");
        hosts.remove("i-1");
        assertThat(root).doesNotExist();
        assertThat(hosts.shell("i-1", "123456789012", "eu-central-1").root()).isNotEqualTo(root);
    }

    @Test
    void commandsThatAreNotKnownFail() {
        assertThatThrownBy(() -> host.byHand("ubuntu", "docker", "dance"))
                .hasMessageContaining("is not a docker command");
        assertThat(run("docker inspect nothing").exitCode()).isEqualTo(1);
        assertThat(run("docker ps --format '{{.Nonsense}}'; docker run -d x; docker ps --format '{{.Nonsense}}'")
                        .exitCode())
                .isEqualTo(1);
    }

    private Shell.Execution run(String script) {
        return host.run(script, PATIENCE);
    }

    private static String ok(SimulatedHost host, String script) {
        Shell.Execution execution = host.run(script, PATIENCE);
        assertThat(execution.exitCode()).as(execution.toString()).isZero();
        return execution.standardOutput();
    }
}
