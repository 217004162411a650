package dev.lightkeeper.ec2.script;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lightkeeper.ec2.script.HostWorld.Result;
import dev.lightkeeper.simulators.aws.application.Behaviour;
import dev.lightkeeper.simulators.aws.host.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The user of a service controls its files and what its tools answer, and gains nothing of root or of other services by it. */
class ScriptUntrustedUserTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String LONG = "n".repeat(25_000);

    private final HostWorld world = new HostWorld();
    private final Path root = world.host.root();
    private final Path pm2Home = root.resolve("home/ubuntu/.pm2");

    @BeforeEach
    void repository() {
        world.images.put(
                "brain:1", Behaviour.builder().startupLogLine(0, "brain listens").build());
        commit();
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void logThatOnlyRootMayReadIsNotTold() throws IOException {
        Path secret = onlyForRoot("secret");
        Files.writeString(secret, "2026-11-27T12:00:00: of another user\n");
        roll();
        assertThat(HostWorld.lines(log())).isEqualTo("brain listens\n");
        Files.createSymbolicLink(pm2Home.resolve("logs/leak.log"), secret);
        world.before("pm2", "[ \"$1\" != jlist ] || { \"$real\" jlist | sed 's|team.brain.brain-out.log|leak.log|g'; exit; }");
        assertThat(HostWorld.lines(log())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"docker", "podman", "node", "git", "curl"})
    void rootRunsNoToolOfAUser(String tool) throws IOException {
        Path ran = root.resolve("tmp/ran");
        world.before(tool, "touch '" + ran + "'");
        assertThat(tools().has(tool)).isTrue();
        Files.delete(ran);
        give("usr/bin/" + tool);
        assertThat(tools().has(tool)).isFalse();
        assertThat(ran).doesNotExist();
    }

    @Test
    void toolsThatOthersMayWriteOrReplaceAreNotThereForRoot() throws IOException {
        for (String place : List.of("usr/bin/node", "usr/lib/node_modules/pm2/bin")) {
            Files.setPosixFilePermissions(root.resolve(place), PosixFilePermissions.fromString("rwxrwxr-x"));
        }
        assertThat(tools().has("node")).isFalse();
        assertThat(tools().has("pm2")).isFalse();
        assertThat(tools().has("git")).isTrue();
    }

    @Test
    void releaseThatNeedsAToolOfAUserIsToldWhy() throws IOException {
        give("usr/bin/node");
        give("usr/lib/node_modules/pm2/bin");
        Result refused = world.run(release("prepare", "1"));
        assertThat(refused.exitCode()).isEqualTo(11);
        assertThat(refused.code()).isEqualTo("ToolMissing");
        assertThat(refused.answer().path("message").asText()).contains("node", "must not run it");
        assertThat(refused.answer().path("preflight")).hasSize(2);
    }

    @Test
    void parametersAreNotFetchedByAToolOfAUser() throws IOException {
        world.parameters.put("/key:1", "x");
        give("usr/bin/aws");
        Result refused = world.run(release("prepare", "1").parameter("KEY", "/key:1"));
        assertThat(refused.code()).isEqualTo("ToolMissing");
        assertThat(world.host.calls()).noneMatch(call -> call.tool().equals("aws"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"usr/bin/node", "usr/lib/node_modules/pm2/bin/pm2"})
    void rootSetsUpNoPm2OfAUser(String tool) throws IOException {
        world.done(release("prepare", "1"));
        give(tool);
        world.done(release("activate", "1"));
        assertThat(world.host.calls()).noneMatch(call -> call.arguments().contains("startup"));
    }

    @Test
    void probesAreNotAskedByAToolOfAUser() throws IOException {
        Path ran = root.resolve("tmp/ran");
        world.before("curl", "touch '" + ran + "'");
        give("usr/bin/curl");
        Result refused = world.run(Request.of("probe").probe("p", 8092, "/"));
        assertThat(refused.exitCode()).isEqualTo(16);
        assertThat(refused.code()).isEqualTo("ToolMissing");
        assertThat(ran).doesNotExist();
    }

    /** The path of a file in a folder that is hidden from all that the script runs as a user. */
    private Path onlyForRoot(String name) throws IOException {
        Path folder = Files.createDirectory(root.resolve("root/closed"));
        world.before("runuser", """
                mv '%1$s' '%1$s.hidden'
                code=0
                "$real" "$@" || code=$?
                mv '%1$s.hidden' '%1$s'
                exit "$code"
                """.formatted(folder));
        return folder.resolve(name);
    }

    private void give(String place) {
        assertThat(world.host
                        .run("chown ubuntu \"$LIGHTKEEPER_ROOT/" + place + "\"\n", PATIENCE)
                        .exitCode())
                .isZero();
    }

    private JsonNode tools() {
        return world.done(Request.of("inspect")).answer().at("/host/tools");
    }

    private JsonNode log() {
        return world.done(Request.of("logs").line("log", "team.brain")).answer().at("/logs/0");
    }

    private void commit() {
        boolean first = !Files.exists(root.resolve("repositories/brain.git"));
        var _ = world.commit("brain.git", first ? "v1" : "v2", Map.of("brain.js", "// simulated-image: brain:1\n"));
    }

    private void roll() {
        world.done(release("prepare", "1"));
        world.done(release("activate", "1"));
    }

    private static Request release(String verb, String revision) {
        return release(verb, revision, "v1");
    }

    private static Request release(String verb, String revision, String commit) {
        return Request.of(verb)
                .line("service", "team.brain")
                .line("operation", "o" + revision)
                .release(revision, "Pm2", "ubuntu")
                .line("repository", "https://git.example.com/brain.git")
                .line("commit", commit)
                .line("process", "brain")
                .line("script", "brain.js")
                .env("PORT", "8081");
    }
}
