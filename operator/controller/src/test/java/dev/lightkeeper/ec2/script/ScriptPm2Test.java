package dev.lightkeeper.ec2.script;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lightkeeper.ec2.script.HostWorld.Result;
import dev.lightkeeper.simulators.aws.application.Behaviour;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Node processes under pm2, through the host script on a simulated host, under both shells. */
@ParameterizedClass
@ValueSource(strings = {"/bin/dash", "/bin/bash"})
class ScriptPm2Test {
    private static final String KEY = "-----BEGIN KEY-----\nq\"uo\\te\t$(date)\n\u00fc-----END KEY-----\n";

    private final HostWorld world = new HostWorld();

    ScriptPm2Test(String shell) {
        world.host.shell(shell);
        world.parameters.put("/brain/key:2", KEY);
        world.images.put(
                "brain:*",
                Behaviour.builder()
                        .endpoint("/healthz", 200, "{\"version\":\"${tag}\"}")
                        .startupLogLine(0, "brain ${tag} listens")
                        .build());
        commit("v1", "brain:1");
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void aReleaseIsClonedBuiltAndRun() throws IOException {
        String commit = commit("v2", "brain:2");
        world.done(release("prepare", "1", "v2"));
        assertThat(world.host.calls())
                .as("nothing may start pm2 as another user, or before it is needed")
                .noneMatch(call -> call.tool().equals("pm2"));
        assertThat(world.host.byHand("ubuntu", "pm2", "jlist").strip()).endsWith("[]");
        Path ecosystem = folder().resolve("releases/1/ecosystem.json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(ecosystem)))
                .isEqualTo("rw-------");
        assertThat(world.host.owner(ecosystem)).isEqualTo("ubuntu");
        assertThat(world.host.owner(folder().resolve("releases/1/tree"))).isEqualTo("ubuntu");
        JsonNode environment = HostWorld.JSON.readTree(ecosystem.toFile()).at("/apps/0/env");
        assertThat(environment.path("KEY").asText()).isEqualTo(KEY);
        assertThat(environment.path("GREETING").asText()).isEqualTo("hello \"you\"\n\\ and \u00fc\n");
        assertThat(Files.isExecutable(folder().resolve("releases/1/tree/scripts/run.sh")))
                .isTrue();

        world.done(release("activate", "1", "v2"));
        assertThat(answer()).isEqualTo("{\"version\":\"2\"}");
        Result inspected = inspected();
        assertThat(inspected.service().path("commit").asText()).isEqualTo(commit);
        assertThat(inspected.service().path("dirty").asBoolean()).isFalse();
        assertThat(inspected.process().path("name").asText()).isEqualTo("brain-api");
        assertThat(inspected.process().path("state").asText()).isEqualTo("Running");
        assertThat(inspected.process().path("user").asText()).isEqualTo("ubuntu");
        assertThat(inspected.process().path("environment").asText()).isEqualTo("Equal");
        assertThat(inspected.process().path("variables")).hasSize(3);
        assertThat(inspected.process().path("startedAt").asLong())
                .isEqualTo(world.clock.now().getEpochSecond());
    }

    @Test
    void aFullCommitIdIsARevisionToo() {
        String first = commit("v2", "brain:2");
        commit("v3", "brain:3");
        world.done(release("prepare", "1", first));
        world.done(release("activate", "1", first));
        assertThat(answer()).contains("\"2\"");
    }

    @Test
    void theNextReleaseReloadsAndARollbackGoesBack() throws IOException {
        roll("1", "v1");
        commit("v2", "brain:2");
        roll("2", "v2");
        assertThat(answer()).contains("\"2\"");
        assertThat(world.host.calls()).noneMatch(call -> call.arguments().contains("delete"));
        assertThat(Files.readSymbolicLink(folder().resolve("current"))).hasToString("releases/2");
        Result back =
                world.done(Request.of("rollback").line("service", "team.brain").line("operation", "r"));
        assertThat(back.service().path("revision").asText()).isEqualTo("1");
        assertThat(answer()).contains("\"1\"");
    }

    @Test
    void whatAReloadWouldNotTakeOverIsStartedAnew() {
        roll("1", "v1");
        world.done(release("prepare", "2", "v1").line("instances", "2"));
        world.done(release("activate", "2", "v1"));
        assertThat(world.host.calls()).anyMatch(call -> call.arguments().contains("delete"));
        assertThat(inspected().process().path("state").asText()).isEqualTo("Running");
        assertThat(answer()).contains("\"1\"");
    }

    @Test
    void anActivateThatFailsPutsTheHostBack() throws IOException {
        roll("1", "v1");
        world.images.put("brain:2", Behaviour.builder().requiredEnv("NOT_THERE").build());
        commit("v2", "brain:2");
        world.done(release("prepare", "2", "v2"));
        Result failed = world.run(release("activate", "2", "v2"));
        assertThat(failed.exitCode()).isEqualTo(13);
        assertThat(failed.code()).isEqualTo("ExitedAtStart");
        assertThat(failed.service().path("revision").asText()).isEqualTo("1");
        assertThat(answer()).contains("\"1\"");
        assertThat(Files.readSymbolicLink(folder().resolve("current"))).hasToString("releases/1");
    }

    @Test
    void theSameOperationTwiceDoesNothingTwice() {
        roll("1", "v1");
        int calls = world.host.calls().size();
        roll("1", "v1");
        assertThat(world.host.calls()).hasSize(calls);
    }

    @Test
    void whatPeopleChangedIsFound() throws IOException {
        roll("1", "v1");
        world.host.byHand("ubuntu", "pm2", "stop", "team.brain.brain-api");
        assertThat(inspected().process().path("state").asText()).isEqualTo("Exited");
        world.host.byHand("ubuntu", "pm2", "delete", "team.brain.brain-api");
        assertThat(inspected().process().path("state").asText()).isEqualTo("Missing");
        Files.writeString(folder().resolve("releases/1/tree/src/brain.js"), "// hot fix\n");
        assertThat(inspected().service().path("dirty").asBoolean()).isTrue();
        Result refused = world.run(release("activate", "1", "v1", "again"));
        assertThat(refused.code()).isEqualTo("DirtyTree");
        world.done(release("prepare", "1", "v1", "again"));
        world.done(release("activate", "1", "v1", "again2"));
        assertThat(inspected().service().path("dirty").asBoolean()).isFalse();
        Path ecosystem = folder().resolve("releases/1/ecosystem.json");
        Files.writeString(ecosystem, Files.readString(ecosystem).replace("hello", "bye"));
        assertThat(inspected().process().path("environment").asText()).isEqualTo("Differs");
    }

    @Test
    void aHostThatRestartsRunsTheReleaseAgain() {
        roll("1", "v1");
        world.hosts.powered("i-0123456789abcdef0", false);
        world.hosts.powered("i-0123456789abcdef0", true);
        assertThat(answer()).contains("\"1\"");
    }

    @Test
    void logsComeFromPm2AndRemoveLeavesNothing() {
        roll("1", "v1");
        Result logs = world.done(Request.of("logs").line("log", "team.brain"));
        assertThat(HostWorld.lines(logs.answer().at("/logs/0"))).isEqualTo("brain 1 listens\n");
        assertThat(logs.answer().at("/logs/0/kind").asText()).isEqualTo("pm2");
        world.done(Request.of("remove").line("service", "team.brain").line("operation", "gone"));
        assertThat(world.host.byHand("ubuntu", "pm2", "jlist").strip()).endsWith("[]");
        assertThat(folder()).doesNotExist();
    }

    @Test
    void pm2ThatTellsNothingKeepsTheFolderUntilItsProcessesCanBeRemoved() {
        roll("1", "v1");
        Request remove = Request.of("remove").line("service", "team.brain").line("operation", "gone");
        world.host.obstruct(call -> Optional.of("connect EPERM rpc.sock"));
        assertThat(world.run(remove).exitCode()).isEqualTo(17);
        world.host.obstruct(call -> Optional.empty());
        assertThat(answer()).contains("\"1\"");
        world.done(remove);
        assertThat(world.host.byHand("ubuntu", "pm2", "jlist").strip()).endsWith("[]");
        assertThat(folder()).doesNotExist();
    }

    @Test
    void newReleaseThatRunsSinceACutIsSeenAndTakenBack() {
        roll("1", "v1");
        commit("v2", "brain:2");
        world.done(release("prepare", "2", "v2").line("instances", "2"));
        AtomicBoolean started = new AtomicBoolean();
        world.host.obstruct(call -> {
            if (started.get()) {
                world.host.killScripts();
                return Optional.of("killed");
            }
            started.set(call.arguments().getFirst().equals("startOrReload"));
            return Optional.empty();
        });
        assertThat(world.host
                        .run(release("activate", "2", "v2").script(HostWorld.SCRIPT), Duration.ofMinutes(1))
                        .exitCode())
                .isEqualTo(137);
        world.host.obstruct(call -> Optional.empty());
        assertThat(answer()).contains("\"2\"");
        assertThat(inspected().service().path("revision").asText()).isEqualTo("1");
        assertThat(inspected().service().path("dirty").asBoolean()).isTrue();
        Result back = world.done(Request.of("rollback")
                .line("service", "team.brain")
                .line("operation", "back")
                .line("revision", "1"));
        assertThat(back.answer().path("message").asText()).isEqualTo("Release 1 runs again.");
        assertThat(answer()).contains("\"1\"");
        assertThat(inspected().service().path("dirty").asBoolean()).isFalse();
        assertThat(inspected().process().path("state").asText()).isEqualTo("Running");
    }

    private String commit(String tag, String image) {
        return world.commit(
                "brain.git",
                tag,
                Map.of(
                        ".gitignore", "dist/\n",
                        "src/brain.js", "// simulated-image: " + image + "\n",
                        "scripts/run.sh", "#!/bin/sh\n"));
    }

    private void roll(String revision, String tag) {
        world.done(release("prepare", revision, tag));
        world.done(release("activate", revision, tag));
    }

    private static Request release(String verb, String revision, String commit) {
        return release(verb, revision, commit, "o" + revision);
    }

    private static Request release(String verb, String revision, String commit, String operation) {
        return Request.of(verb)
                .line("service", "team.brain")
                .line("operation", operation)
                .release(revision, "Pm2", "ubuntu")
                .line("repository", "https://git.example.com/brain.git")
                .line("commit", commit)
                .line("build", "")
                .line("argument", "mkdir")
                .line("argument", "-p")
                .line("argument", "dist")
                .line("build", "")
                .line("argument", "cp")
                .line("argument", "src/brain.js")
                .line("argument", "dist/brain.js")
                .line("executable", "scripts/*.sh")
                .line("process", "brain-api")
                .line("script", "dist/brain.js")
                .line("port", "8081")
                .env("PORT", "8081")
                .env("GREETING", "hello \"you\"\n\\ and \u00fc\n")
                .parameter("KEY", "/brain/key:2");
    }

    private Result inspected() {
        return world.done(Request.of("inspect"));
    }

    private String answer() {
        Result probed = world.done(Request.of("probe").probe("readiness", 8081, "/healthz"));
        assertThat(probed.answer().at("/responses/0/status").asInt())
                .as(probed.toString())
                .isEqualTo(200);
        return text(probed.answer().at("/responses/0/body").asText());
    }

    private Path folder() {
        return world.host.root().resolve("var/lib/lightkeeper/team.brain");
    }

    private static String text(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }
}
