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
                "brain:1",
                Behaviour.builder().startupLogLine(0, "brain listens").build());
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
        world.before(
                "pm2",
                "[ \"$1\" != jlist ] || { \"$real\" jlist | sed 's|team.brain.brain-out.log|leak.log|g'; exit; }");
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

    @Test
    void whatAnEngineAnswersOfOneServiceChangesNoOther() throws IOException {
        for (String service : List.of("team.api", "team.other")) {
            for (String verb : List.of("prepare", "activate")) {
                world.done(Request.on(verb, service, "o", "1")
                        .container("web", "registry.example.com/api:1", service.equals("team.api") ? 8092 : 8093)
                        .env("MODE", "blue"));
            }
        }
        JsonNode other = services().path(1);
        assertThat(other.path("service").asText()).isEqualTo("team.other");
        String injected = "0}]},{\"service\":\"team.other\",\"owner\":\"x|y\\\"";
        Path forged = root.resolve("tmp/forged");
        Path env = root.resolve("var/lib/lightkeeper/team.api/releases/1/env.web");
        String variables = "MODE=blue\nA\",\"B=1\n" + LONG + "=1\n";
        Files.writeString(env, variables);
        Files.writeString(
                forged,
                "running|" + injected + "|\"1969-01-01T00:00:00Z\"|" + injected + "|" + LONG + "|" + injected + LONG
                        + "\n{\"Type\":\"json-file\",\"Config\":{\"\\x\":\"\"}}\n" + variables);
        world.before(
                "docker",
                "case $* in *'inspect --format {{.State.Status}}|'*team.api.web) exec cat '" + forged + "' ;; esac");
        JsonNode services = services();
        assertThat(services).hasSize(2);
        assertThat(services.path(1)).isEqualTo(other);
        JsonNode process = services.path(0).at("/processes/0");
        assertThat(process.path("state").asText()).isEqualTo("Running");
        assertThat(process.path("restarts")).hasToString("0");
        assertThat(process.path("startedAt")).hasToString("0");
        assertThat(process.path("user").asText()).hasSizeLessThanOrEqualTo(400);
        assertThat(process.path("variables")).hasToString("[\"MODE\"]");
        assertThat(process.path("environment").asText()).isEqualTo("Differs");
    }

    @Test
    void whatPm2AnswersOfOneServiceChangesNoOther() throws IOException {
        for (String verb : List.of("prepare", "activate")) {
            world.done(Request.on(verb, "team.other", "o", "1").container("web", "registry.example.com/api:1", 8092));
        }
        roll();
        JsonNode other = services().path(1);
        assertThat(other.path("service").asText()).isEqualTo("team.other");
        String injected =
                "x\\\\\\\\\\\\\"}]},{\\\\\"service\\\\\":\\\\\"team.other\\\\\",\\\\\"owner\\\\\":\\\\\"" + LONG;
        world.before("pm2", """
                [ "$1" != jlist ] || {
                  "$real" jlist | sed 's/"username":"ubuntu"/"username":"%s"/;s/"restart_time":0/"restart_time":"1e999|nan"/'
                  exit
                }
                """.formatted(injected));
        JsonNode services = services();
        assertThat(services).hasSize(2);
        assertThat(services.path(1)).isEqualTo(other);
        JsonNode process = services.path(0).at("/processes/0");
        assertThat(process.path("state").asText()).isEqualTo("Running");
        assertThat(process.path("restarts")).hasToString("0");
        assertThat(process.path("user").asText()).hasSizeLessThanOrEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"\\x41\"]",
                "[\"\\'\"]",
                "[\"\\u00g0\"]",
                "[\"\\u12\"]",
                "{\"\\a\":1}",
                "[\"\\\n\"]",
                "[\"a\nb\"]",
                "[\"a\tb\"]"
            })
    void textThatJsonDoesNotHaveIsRefused(String document) throws IOException {
        assertThat(leaves(document).exitCode()).isEqualTo(1);
    }

    @Test
    void everyEscapeOfJsonIsRead() throws IOException {
        assertThat(leaves("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\ud83d\\ude80\\ud83dx\\u0007\"]")
                        .standardOutput())
                .isEqualTo(".0\t\\\"\\\\/\\u0008\\u000c\\n\\r\\tA\u00e9\ud83d\ude80\ufffdx\\u0007\n");
    }

    private Shell.Execution leaves(String document) throws IOException {
        Files.writeString(root.resolve("tmp/document"), document);
        String functions = HostWorld.SCRIPT.substring(0, HostWorld.SCRIPT.indexOf("exec 3>&1 4>&2"));
        return world.host.run(functions + "json_leaves <\"$LIGHTKEEPER_ROOT/tmp/document\"\n", PATIENCE);
    }

    @Test
    void declarationsThatTheUserChangedAreNotRead() throws IOException {
        roll();
        Path ecosystem = root.resolve("var/lib/lightkeeper/team.brain/releases/1/ecosystem.json");
        assertThat(services().at("/0/processes/0/variables")).hasToString("[\"PORT\"]");
        Files.writeString(ecosystem, Files.readString(ecosystem).replace("8081", "8082"));
        assertThat(services().at("/0/processes/0/environment").asText()).isEqualTo("Differs");
        assertThat(services().at("/0/processes/0/variables")).isEmpty();
    }

    @Test
    void savedVariablesAreForTheirUserOnly() throws IOException {
        Path dump = pm2Home.resolve("dump.pm2");
        world.before("pm2", "[ \"$1\" != save ] || { mkdir -p \"$HOME/.pm2\"; echo x >\"$HOME/.pm2/dump.pm2\"; }");
        roll();
        assertThat(Files.getPosixFilePermissions(dump)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        // As it was before, by someone else's hand too.
        Files.setPosixFilePermissions(dump, PosixFilePermissions.fromString("rw-r--r--"));
        world.done(Request.of("remove").line("service", "team.brain").line("operation", "gone"));
        assertThat(Files.getPosixFilePermissions(dump)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"there", "missing"})
    void pathsThatARepositoryLinksToAreSeenAsTheUser(String name) throws IOException {
        Path there = onlyForRoot("there");
        Files.writeString(there, "x");
        Files.createSymbolicLink(root.resolve("repositories/brain.git/link"), there.getParent());
        commit();
        Result executable = world.run(release("prepare", "1", "v2").line("executable", "link/" + name));
        assertThat(executable.code()).isEqualTo("ExecutableMissing");
        Result script =
                world.run(release("prepare", "2", "v2").line("process", "other").line("script", "link/" + name));
        assertThat(script.code()).isEqualTo("ScriptMissing");
        assertThat(Files.isExecutable(there)).isEqualTo(false);
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

    private JsonNode services() {
        return world.done(Request.of("inspect")).answer().path("services");
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
