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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulatedHostTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final SimulatorClock clock = SimulatorClock.manual(Instant.parse("2026-11-27T12:00:00Z"));
    private final ImageCatalogue images = ImageCatalogue.empty();
    private final SimulatedHosts hosts = new SimulatedHosts(clock, images, (account, region, name) -> switch (name) {
        case "/a" -> new ParameterSource.Value(account + " in " + region, 7);
        case "/secret" -> new ParameterSource.Denied();
        default -> new ParameterSource.Missing();
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
