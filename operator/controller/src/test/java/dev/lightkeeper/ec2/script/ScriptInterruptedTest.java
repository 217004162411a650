package dev.lightkeeper.ec2.script;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lightkeeper.ec2.script.HostWorld.Result;
import dev.lightkeeper.simulators.aws.application.Behaviour;
import dev.lightkeeper.simulators.aws.host.Shell;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** A release of two containers whose exchange fails halfway, is cut off, or meets an engine that does not answer. */
@ParameterizedClass
@CsvSource({"Docker,/bin/dash", "Podman,/bin/bash"})
class ScriptInterruptedTest {
    private final HostWorld world = new HostWorld();
    private final String runtime;
    private final String engine;

    ScriptInterruptedTest(String runtime, String shell) {
        this.runtime = runtime;
        engine = runtime.equals("Docker") ? "docker" : "podman";
        world.host.shell(shell);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void containerThatWasNotTouchedYetRunsOnWhenTheExchangeFails() {
        roll("1");
        world.done(release("prepare", "2"));
        obstruct("stop", "a_replaced", "tried to kill container, but did not receive an exit event");
        Result failed = world.run(release("activate", "2"));
        clear();
        assertThat(failed.exitCode()).isEqualTo(13);
        assertThat(failed.answer().path("message").asText())
                .isEqualTo("team.api.a cannot be stopped. What ran before runs again.");
        assertRuns("1", "1");
        assertNeverTouched("team.api.b");
    }

    @Test
    void containerThatCannotBeRenamedIsTold() {
        roll("1");
        world.done(release("prepare", "2"));
        obstruct("rename", "team.api.a", "database is locked");
        Result failed = world.run(release("activate", "2"));
        clear();
        assertThat(failed.answer().path("message").asText())
                .isEqualTo("team.api.a cannot be stopped. What ran before runs again.");
        assertRuns("1", "1");
    }

    @Test
    void cutWhileTheFirstIsStoppedCostsNoOther() {
        roll("1");
        world.done(release("prepare", "2"));
        cut("stop", "a_replaced", release("activate", "2"));
        world.images.put(
                "registry.example.com/b:2",
                Behaviour.builder().with("requiresCommand: true").build());
        Result failed = world.run(release("activate", "2", "again"));
        assertThat(failed.code()).isEqualTo("ExitedAtStart");
        assertThat(failed.answer().path("message").asText()).endsWith("What ran before runs again.");
        assertRuns("1", "1");
    }

    @Test
    void cutAfterTheStateWasWrittenKeepsTheNewOnes() {
        roll("1");
        world.done(release("prepare", "2"));
        cut("rm", "a_replaced", release("activate", "2"));
        world.done(release("activate", "2", "again"));
        assertRuns("2", "2");
    }

    @Test
    void oneContainerThatDoesNotComeBackIsTold() {
        roll("1");
        world.images.put(
                "registry.example.com/b:2",
                Behaviour.builder().with("requiresCommand: true").build());
        world.done(release("prepare", "2"));
        obstruct("start", "team.api.a", "no space left on device");
        Result failed = world.run(release("activate", "2"));
        assertThat(failed.answer().path("message").asText())
                .contains("b ended after its start")
                .endsWith("What ran before could not be started again.");
    }

    @Test
    void engineThatListsNothingIsNoReasonToStartOrRemoveAnything() {
        roll("1");
        world.done(release("prepare", "2"));
        int before = world.host.calls().size();
        obstruct("ps", "", "Error: database is locked");
        Result failed = world.run(release("activate", "2"));
        clear();
        assertThat(failed.exitCode()).isEqualTo(13);
        assertThat(failed.code()).isEqualTo("StartFailed");
        assertThat(failed.answer().path("message").asText())
                .contains("database is locked", "Nothing was changed.")
                .doesNotContain("Nothing ran before");
        assertThat(world.host.calls().subList(before, world.host.calls().size()))
                .noneMatch(call -> List.of("run", "stop", "rename", "rm")
                        .contains(call.arguments().getFirst()));
        assertRuns("1", "1");
        world.done(release("activate", "2", "again"));
        assertRuns("2", "2");
    }

    @Test
    void engineThatStopsListingHalfwayIsTold() {
        roll("1");
        world.done(release("prepare", "2"));
        world.host.obstruct(call -> switch (call.arguments().getFirst()) {
            case "stop" -> Optional.of("did not receive an exit event");
            case "ps" -> ran("rename") ? Optional.of("Error: database is locked") : Optional.empty();
            default -> Optional.empty();
        });
        Result failed = world.run(release("activate", "2"));
        clear();
        assertThat(failed.answer().path("message").asText()).endsWith("Whether anything runs is not known.");
        world.done(release("activate", "2", "again"));
        assertRuns("2", "2");
    }

    @Test
    void engineThatListsNothingKeepsTheFolderUntilItsContainersCanBeRemoved() {
        roll("1");
        Request remove = Request.of("remove")
                .line("service", "team.api")
                .line("operation", "gone")
                .line("owner", "uid-1");
        obstruct("ps", "", "Cannot connect to the daemon");
        Result failed = world.run(remove);
        clear();
        assertThat(failed.exitCode()).isEqualTo(17);
        assertThat(failed.answer().path("message").asText())
                .contains("Cannot connect to the daemon", "Nothing was removed.");
        assertRuns("1", "1");
        world.done(remove);
        assertThat(world.host.byHand("ubuntu", engine, "ps", "--all")).isEmpty();
        assertThat(world.host.root().resolve("var/lib/lightkeeper/team.api")).doesNotExist();
    }

    @Test
    void newReleaseThatRunsSinceACutIsSeenAndTakenBack() {
        roll("1");
        world.done(release("prepare", "2"));
        cut("container", "team.api.b", release("activate", "2"));
        Result inspected = world.done(Request.of("inspect"));
        assertThat(inspected.service().path("revision").asText()).isEqualTo("1");
        assertThat(inspected.service().path("dirty").asBoolean()).isTrue();
        Result back = world.done(Request.of("rollback")
                .line("service", "team.api")
                .line("operation", "back")
                .line("revision", "1"));
        assertThat(back.answer().path("message").asText()).isEqualTo("Release 1 runs again.");
        assertRuns("1", "1");
        assertThat(world.done(Request.of("inspect")).service().path("dirty").asBoolean())
                .isFalse();
    }

    private boolean ran(String verb) {
        return world.host.calls().stream()
                .anyMatch(call -> call.arguments().getFirst().equals(verb));
    }

    /** Runs a request and kills it when it calls the engine so, which does that before. */
    private void cut(String verb, String name, Request request) {
        world.host.obstruct(call -> {
            if (call.arguments().getFirst().equals(verb)
                    && call.arguments().getLast().endsWith(name)) {
                world.host.killScripts();
                return Optional.of("killed");
            }
            return Optional.empty();
        });
        Shell.Execution killed = world.host.run(request.script(HostWorld.SCRIPT), Duration.ofMinutes(1));
        assertThat(killed.exitCode()).isEqualTo(137);
        clear();
    }

    private void obstruct(String verb, String name, String message) {
        world.host.obstruct(call -> call.arguments().getFirst().equals(verb)
                        && call.arguments().stream().anyMatch(word -> word.endsWith(name))
                ? Optional.of(message)
                : Optional.empty());
    }

    private void clear() {
        world.host.obstruct(call -> Optional.empty());
    }

    private List<String> calls(String container) {
        return world.host.calls().stream()
                .filter(call -> call.tool().equals(engine))
                .map(call -> String.join(" ", call.arguments()))
                .filter(words -> words.endsWith(" " + container))
                .toList();
    }

    private void assertNeverTouched(String container) {
        assertThat(calls(container))
                .noneMatch(words -> words.startsWith("rm") || words.startsWith("stop") || words.startsWith("start"));
    }

    /** That both containers answer, as these versions, and that there is no other. */
    private void assertRuns(String a, String b) {
        assertThat(world.host
                        .byHand("ubuntu", engine, "ps", "--all", "--format", "{{.Names}}")
                        .lines())
                .containsExactly("team.api.a", "team.api.b");
        Result probed =
                world.done(Request.of("probe").probe("a", 8092, "/healthz").probe("b", 8093, "/healthz"));
        assertThat(probed.answer().path("responses"))
                .map(response -> new String(
                        Base64.getDecoder().decode(response.path("body").asText()), UTF_8))
                .containsExactly(a, b);
    }

    private void roll(String revision) {
        world.images.put(
                "registry.example.com/*",
                Behaviour.builder().endpoint("/healthz", 200, "${tag}").build());
        world.done(release("prepare", revision));
        world.done(release("activate", revision));
    }

    private Request release(String verb, String revision) {
        return release(verb, revision, "o" + revision);
    }

    private Request release(String verb, String revision, String operation) {
        return Request.of(verb)
                .line("service", "team.api")
                .line("operation", operation)
                .release(revision, runtime, "ubuntu")
                .container("a", "registry.example.com/a:" + revision, 8092)
                .container("b", "registry.example.com/b:" + revision, 8093);
    }
}
