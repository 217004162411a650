package dev.lightkeeper.ec2.script;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lightkeeper.ec2.script.HostWorld.Result;
import dev.lightkeeper.simulators.aws.application.Behaviour;
import dev.lightkeeper.simulators.aws.application.Pull;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each code that the host script answers with, by what goes wrong on a host. */
class ScriptCodesTest {
    private final HostWorld world = new HostWorld();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void userMissing() {
        world.host.removeUser("ubuntu");
        assertThat(preflight(docker("prepare"))).isEqualTo("UserMissing");
    }

    @Test
    void toolMissing() {
        world.host.removeTool("docker");
        assertThat(preflight(docker("prepare"))).isEqualTo("ToolMissing");
    }

    @Test
    void aUserWhoMayNotUseDockerIsAMissingToolToo() {
        world.host.addUser("guest", false);
        Result result = world.run(Request.of("prepare")
                .line("service", "team.api")
                .line("operation", "o")
                .release("1", "Docker", "guest")
                .container("web", "registry.example.com/api:1", 8092));
        assertThat(result.code()).isEqualTo("ToolMissing");
        assertThat(result.answer().path("message").asText()).contains("permission denied");
    }

    @Test
    void aSnapMayNotReadTheFilesOfARelease() throws IOException {
        Path tools = world.host.root().resolve("usr/bin");
        Files.move(tools.resolve("docker"), tools.resolve("snap"));
        Files.createSymbolicLink(tools.resolve("docker"), tools.resolve("snap"));
        Result result = world.run(docker("prepare"));
        assertThat(result.code()).isEqualTo("ToolMissing");
        assertThat(result.answer().path("message").asText()).contains("docker is a snap here");
        assertThat(result.answer().path("preflight")).hasSize(1);
    }

    @Test
    void toolTooOld() {
        world.host.toolVersion("docker", "19.3.12");
        assertThat(preflight(docker("prepare"))).isEqualTo("ToolTooOld");
    }

    @Test
    void diskFull() {
        world.host.freeMiB(100);
        assertThat(preflight(docker("prepare"))).isEqualTo("DiskFull");
    }

    @Test
    void aPullThatFillsTheDiskIsDiskFull() {
        world.host.breakPulls("failed to register layer: write /usr/lib/x: no space left on device");
        assertThat(failed(12, docker("prepare"))).isEqualTo("DiskFull");
    }

    @Test
    void parameterMissing() {
        assertThat(preflight(docker("prepare").parameter("TOKEN", "/team/none:1")))
                .isEqualTo("ParameterMissing");
    }

    @Test
    void parameterDenied() {
        world.denied.add("/team/token:1");
        assertThat(preflight(docker("prepare").parameter("TOKEN", "/team/token:1")))
                .isEqualTo("ParameterDenied");
    }

    @Test
    void clockSkew() {
        world.parameters.put("/team/token:1", "x");
        world.host.clockSkew(Duration.ofMinutes(-9));
        assertThat(preflight(docker("prepare").parameter("TOKEN", "/team/token:1")))
                .isEqualTo("ClockSkew");
    }

    @Test
    void imagePullDenied() {
        world.images.put(
                "registry.example.com/api:1",
                Behaviour.builder().pull(Pull.DENIED).build());
        assertThat(failed(12, docker("prepare"))).isEqualTo("ImagePullDenied");
    }

    @Test
    void imageNotFound() {
        world.images.put(
                "registry.example.com/api:1",
                Behaviour.builder().pull(Pull.NOT_FOUND).build());
        assertThat(failed(12, docker("prepare"))).isEqualTo("ImageNotFound");
    }

    @Test
    void imagePullFailed() {
        world.host.breakPulls("Error response from daemon: Get \"https://registry.example.com/v2/\": i/o timeout");
        assertThat(failed(12, docker("prepare"))).isEqualTo("ImagePullFailed");
    }

    @Test
    void registryLoginFailed() {
        world.host.registryLogin("registry.example.com", "robot", "right");
        world.parameters.put("/team/registry:1", "wrong");
        assertThat(failed(12, docker("prepare"))).isEqualTo("ImagePullDenied");
        Request withLogin =
                docker("prepare", "o2").line("registryUser", "robot").line("registryParameter", "/team/registry:1");
        assertThat(failed(12, withLogin)).isEqualTo("RegistryLoginFailed");
        world.parameters.put("/team/registry:1", "right");
        world.done(docker("prepare", "o3").line("registryUser", "robot").line("registryParameter", "/team/registry:1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"robot$api", "_json_key_base64", "team+robot", "robot@example.com"})
    void userNamesThatRegistriesGive(String name) {
        world.host.registryLogin("registry.example.com", name, "right");
        world.parameters.put("/team/registry", "right");
        world.done(docker("prepare").line("registryUser", name).line("registryParameter", "/team/registry"));
    }

    @Test
    void portTaken() {
        world.host.listen(8092);
        assertThat(preflight(docker("prepare"))).isEqualTo("PortTaken");
    }

    @Test
    void aPortThatIsTakenAfterThePreflightIsFoundWhenTheContainerStarts() {
        world.done(docker("prepare"));
        world.host.listen(8092);
        assertThat(failed(13, docker("activate"))).isEqualTo("PortTaken");
        assertThat(world.host.byHand("ubuntu", "docker", "ps", "--all")).isEmpty();
    }

    @Test
    void startFailed() {
        world.done(docker("prepare"));
        world.host.byHand("ubuntu", "docker", "run", "-d", "--name", "team.api.web", "registry.example.com/other:1");
        assertThat(failed(13, docker("activate"))).isEqualTo("StartFailed");
        assertThat(world.host.byHand("ubuntu", "docker", "ps")).contains("team.api.web");
    }

    @Test
    void exitedAtStart() {
        world.images.put(
                "registry.example.com/api:1",
                Behaviour.builder().pull(Pull.WRONG_ARCHITECTURE).build());
        world.done(docker("prepare"));
        assertThat(failed(13, docker("activate"))).isEqualTo("ExitedAtStart");
    }

    @Test
    void environmentDiffers() throws IOException {
        world.done(docker("prepare").env("MODE", "fast"));
        Files.writeString(world.host.root().resolve("var/lib/lightkeeper/team.api/releases/1/env.web"), "MODE=slow\n");
        assertThat(failed(13, docker("activate"))).isEqualTo("EnvironmentDiffers");
    }

    @Test
    void noPrevious() {
        world.done(docker("prepare"));
        world.done(docker("activate"));
        assertThat(failed(14, Request.of("rollback").line("service", "team.api").line("operation", "r")))
                .isEqualTo("NoPrevious");
    }

    @Test
    void foreignOwner() {
        world.done(Request.of("prepare")
                .line("service", "team.api")
                .line("operation", "o")
                .line("owner", "uid-0")
                .line("revision", "1")
                .line("fingerprint", "f")
                .line("runtime", "Docker")
                .line("runAs", "ubuntu")
                .container("web", "registry.example.com/api:1", 8092));
        assertThat(preflight(docker("prepare", "o2"))).isEqualTo("ForeignOwner");
        assertThat(failed(13, docker("activate", "o3"))).isEqualTo("ForeignOwner");
    }

    @Test
    void anotherRuntimeDoesNotTakeOverWhatRuns() {
        world.done(docker("prepare"));
        world.done(docker("activate"));
        Request podman = Request.of("prepare")
                .line("service", "team.api")
                .line("operation", "o2")
                .release("2", "Podman", "ubuntu")
                .container("web", "registry.example.com/api:1", 8092);
        assertThat(preflight(podman)).isEqualTo("RuntimeDiffers");
    }

    @Test
    void whatWasNotPreparedIsNotActivated() {
        assertThat(failed(13, docker("activate"))).isEqualTo("RevisionNotFound");
    }

    @Test
    void cloneFailed() {
        world.commit("x.git", "v1", Map.of("main.js", "x"));
        assertThat(failed(12, pm2("v1", "https://git.example.com/nowhere.git"))).isEqualTo("CloneFailed");
    }

    @Test
    void revisionNotFound() {
        world.commit("x.git", "v1", Map.of("main.js", "x"));
        assertThat(failed(12, pm2("v2"))).isEqualTo("RevisionNotFound");
        assertThat(failed(12, pm2("main"))).as("a branch is no revision").isEqualTo("RevisionNotFound");
        assertThat(failed(12, pm2("0123456789012345678901234567890123456789"))).isEqualTo("RevisionNotFound");
    }

    @Test
    void buildFailed() {
        world.commit("x.git", "v1", Map.of("main.js", "x"));
        assertThat(failed(12, pm2("v1").line("build", "").line("argument", "false")))
                .isEqualTo("BuildFailed");
        assertThat(failed(12, pm2("v1").line("build", "").line("argument", "no-such-command")))
                .isEqualTo("BuildFailed");
    }

    @Test
    void dirtyTree() {
        world.commit("x.git", "v1", Map.of("main.js", "x"));
        assertThat(failed(
                        12,
                        pm2("v1").line("build", "").line("argument", "touch").line("argument", "left-over")))
                .isEqualTo("DirtyTree");
    }

    @Test
    void scriptMissing() {
        world.commit("x.git", "v1", Map.of("other.js", "x"));
        assertThat(failed(12, pm2("v1"))).isEqualTo("ScriptMissing");
    }

    @Test
    void executableMissing() {
        world.commit("x.git", "v1", Map.of("main.js", "x"));
        assertThat(failed(12, pm2("v1").line("executable", "scripts/*.sh"))).isEqualTo("ExecutableMissing");
    }

    @Test
    void requestInvalid() {
        assertThat(failed(10, Request.of("prepare"))).isEqualTo("RequestInvalid");
        assertThat(failed(10, Request.of("dance"))).isEqualTo("RequestInvalid");
        assertThat(failed(10, Request.of("inspect").line("surprise", "1"))).isEqualTo("RequestInvalid");
        assertThat(failed(10, new Request().line("version", "2").line("verb", "inspect")))
                .isEqualTo("RequestInvalid");
        assertThat(world.run("LIGHTKEEPER_REQUEST=\n" + HostWorld.SCRIPT).code())
                .isEqualTo("RequestInvalid");
        assertThat(world.run(HostWorld.SCRIPT).code()).isEqualTo("RequestInvalid");
    }

    @Test
    void aParameterWithALineBreakCannotBeInAnEnvFile() {
        world.parameters.put("/team/token:1", "two\nlines");
        Result result = world.run(docker("prepare").parameter("TOKEN", "/team/token:1"));
        assertThat(result.exitCode()).isEqualTo(12);
        assertThat(result.code()).isEqualTo("ParameterInvalid");
        assertThat(result.answer().path("message").asText())
                .contains("/team/token:1")
                .doesNotContain("two");
    }

    @Test
    void inspectTellsAllProblemsOfAReleaseAndChangesNothing() {
        world.host.removeUser("ubuntu");
        world.host.freeMiB(1);
        world.host.listen(8092);
        Result result = world.run(docker("inspect").parameter("TOKEN", "/team/none:1"));
        assertThat(result.exitCode()).isEqualTo(11);
        assertThat(result.answer().path("preflight"))
                .map(problem -> problem.path("code").asText())
                .containsExactly("UserMissing", "DiskFull", "PortTaken", "ParameterMissing");
        assertThat(world.host.root().resolve("var/lib/lightkeeper")).doesNotExist();
    }

    @Test
    void aProbeOfNothingHasAnErrorAndNoStatus() {
        Result result = world.done(Request.of("probe")
                .probe("a", 8092, "/healthz")
                .line("timeoutMillis", "500")
                .line("method", "HEAD")
                .line("header", "X-Token: abc"));
        assertThat(result.answer().at("/responses/0/status").asInt()).isZero();
        assertThat(result.answer().at("/responses/0/error").asText()).contains("8092");
    }

    @Test
    void answersThatAreTooMuchTogetherAreCutRatherThanLost() {
        world.images.put(
                "registry.example.com/api:1",
                Behaviour.builder().endpoint("/page", 200, "x".repeat(2048)).build());
        world.done(docker("prepare"));
        world.done(docker("activate"));
        Request asked = Request.of("probe");
        for (int i = 0; i < 12; i++) {
            asked.probe("p" + i, 8092, i == 7 ? "/healthz" : "/page");
        }
        JsonNode responses = world.done(asked).answer().path("responses");
        assertThat(responses)
                .hasSize(12)
                .allSatisfy(
                        response -> assertThat(response.path("status").asInt()).isPositive());
        assertThat(responses.path(11).path("id").asText()).isEqualTo("p11");
        assertThat(Base64.getDecoder().decode(responses.path(11).path("body").asText()))
                .hasSizeBetween(512, 1024);
        assertThat(responses.path(11).path("cut").asBoolean()).isTrue();
        assertThat(responses.path(7).path("cut").asBoolean()).isFalse();

        JsonNode alone =
                world.done(Request.of("probe").probe("p", 8092, "/page")).answer();
        assertThat(Base64.getDecoder().decode(alone.at("/responses/0/body").asText()))
                .hasSize(2048);
        assertThat(alone.at("/responses/0/cut").asBoolean()).isFalse();
    }

    @Test
    void probesOfWhatAcceptsAndNeverAnswersTakeTogetherLittleLongerThanOne() {
        world.host.listen(8092);
        Request asked = Request.of("probe");
        for (int i = 0; i < 6; i++) {
            asked.probe("p" + i, 8092, "/" + i).line("timeoutMillis", "5000");
        }
        long began = System.nanoTime();
        Result result = world.done(asked);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
        assertThat(result.answer().path("responses")).hasSize(6).allSatisfy(response -> {
            assertThat(response.path("status").asInt()).isZero();
            assertThat(response.path("error").asText()).contains("timed out");
        });
    }

    private String preflight(Request request) {
        Result result = world.run(request);
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(11);
        assertThat(result.answer().path("result").asText()).isEqualTo("Refused");
        assertThat(result.answer().path("preflight")).hasSize(1);
        assertThat(result.answer().at("/preflight/0/code").asText()).isEqualTo(result.code());
        return result.code();
    }

    private String failed(int exitCode, Request request) {
        Result result = world.run(request);
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(exitCode);
        assertThat(result.answer().path("message").asText()).isNotBlank();
        return result.code();
    }

    private static Request docker(String verb) {
        return docker(verb, "o");
    }

    private static Request docker(String verb, String operation) {
        return Request.on(verb, "team.api", operation, "1").container("web", "registry.example.com/api:1", 8092);
    }

    private Request pm2(String commit) {
        return pm2(commit, "https://git.example.com/x.git");
    }

    private int operations;

    private Request pm2(String commit, String repository) {
        return Request.of("prepare")
                .line("service", "team.x")
                .line("operation", "o" + operations++)
                .release("1", "Pm2", "ubuntu")
                .line("repository", repository)
                .line("commit", commit)
                .line("process", "x")
                .line("script", "main.js");
    }
}
