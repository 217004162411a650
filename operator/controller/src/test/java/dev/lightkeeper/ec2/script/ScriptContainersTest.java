package dev.lightkeeper.ec2.script;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lightkeeper.ec2.script.HostWorld.Result;
import dev.lightkeeper.simulators.aws.application.Behaviour;
import dev.lightkeeper.simulators.aws.application.BehaviourBuilder;
import dev.lightkeeper.simulators.aws.application.Pull;
import dev.lightkeeper.simulators.aws.host.Shell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** Containers through the host script on a simulated host, under both engines and both shells. */
@ParameterizedClass
@CsvSource({"Docker,/bin/dash", "Podman,/bin/bash"})
class ScriptContainersTest {
    private final HostWorld world = new HostWorld();
    private final String runtime;
    private final String engine;

    ScriptContainersTest(String runtime, String shell) {
        this.runtime = runtime;
        engine = runtime.equals("Docker") ? "docker" : "podman";
        world.host.shell(shell);
        world.parameters.put("/team/token:3", "s3cret=with $(odd) \"characters\"");
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void aReleaseIsPreparedWithoutTouchingAnythingAndThenRunsAndAnswers() throws IOException {
        Result prepared = world.done(release("prepare", "1"));
        assertThat(prepared.answer().path("verb").asText()).isEqualTo("prepare");
        assertThat(containers()).isEmpty();
        Path env = folder().resolve("releases/1/env.web");
        assertThat(env).content().isEqualTo("MODE=fast\nTOKEN=s3cret=with $(odd) \"characters\"\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(env)))
                .isEqualTo("rw-------");
        assertThat(world.host.owner(env)).isEqualTo("ubuntu");

        Result activated = world.done(release("activate", "1"));
        assertThat(activated.service().path("revision").asText()).isEqualTo("1");
        assertThat(activated.process().path("state").asText()).isEqualTo("Running");
        assertThat(answer()).isEqualTo("{\"version\":\"1\",\"mode\":\"fast\"}");

        Result inspected = world.done(Request.of("inspect"));
        assertThat(inspected.service().path("service").asText()).isEqualTo("team.api");
        assertThat(inspected.service().path("owner").asText()).isEqualTo("uid-1");
        assertThat(inspected.service().path("fingerprint").asText()).isEqualTo("content-1");
        assertThat(inspected.service().path("runtime").asText()).isEqualTo(runtime);
        assertThat(inspected.process().path("image").asText()).isEqualTo("registry.example.com/api:1");
        assertThat(inspected.process().path("digest").asText()).startsWith("sha256:");
        assertThat(inspected.process().path("environment").asText()).isEqualTo("Equal");
        assertThat(inspected.process().path("user").asText()).isEqualTo("ubuntu");
        assertThat(inspected.process().path("startedAt").asLong())
                .isEqualTo(world.clock.now().getEpochSecond());
        assertThat(inspected.process().path("variables"))
                .map(each -> each.asText())
                .containsExactly("MODE", "TOKEN");
        assertThat(inspected.answer().at("/host/tools/docker").asText()).isEqualTo("24.0.5");
        assertThat(inspected.answer().at("/host/diskFreeMiB").asInt()).isEqualTo(20_000);
        assertThat(inspected.answer().at("/host/time").asLong())
                .isEqualTo(world.clock.now().getEpochSecond());
    }

    @Test
    void everyCommandOfTheServiceRunsAsItsUser() {
        roll("1");
        assertThat(world.host.calls())
                .filteredOn(call -> call.tool().equals(engine))
                .filteredOn(call -> !call.arguments().getFirst().equals("version"))
                .isNotEmpty()
                .allSatisfy(call -> assertThat(call.user()).isEqualTo("ubuntu"));
    }

    @Test
    void theSameOperationTwiceAnswersTheSameAndDoesNothingTwice() {
        Result prepared = world.done(release("prepare", "1"));
        int calls = world.host.calls().size();
        assertThat(world.done(release("prepare", "1")).answer()).isEqualTo(prepared.answer());
        assertThat(world.host.calls()).hasSize(calls);

        Result activated = world.done(release("activate", "1"));
        calls = world.host.calls().size();
        assertThat(world.done(release("activate", "1")).answer()).isEqualTo(activated.answer());
        assertThat(world.host.calls()).hasSize(calls);
    }

    @Test
    void aFailedOperationIsRememberedToo() {
        world.images.put(
                "registry.example.com/api:1",
                Behaviour.builder().with("requiresCommand: true").build());
        world.done(release("prepare", "1"));
        Result failed = world.run(release("activate", "1"));
        assertThat(failed.exitCode()).isEqualTo(13);
        int calls = world.host.calls().size();
        Result repeated = world.run(release("activate", "1"));
        assertThat(repeated.exitCode()).isEqualTo(13);
        assertThat(repeated.answer()).isEqualTo(failed.answer());
        assertThat(world.host.calls()).hasSize(calls);
    }

    @Test
    void theNextReleaseKeepsThePreviousOneAndClearsAwayWhatIsOlder() throws IOException {
        roll("1");
        String first = images();
        roll("2");
        assertThat(state("revision")).isEqualTo("2");
        assertThat(state("previous")).isEqualTo("1");
        assertThat(answer()).contains("\"2\"");
        assertThat(containers()).containsExactly("team.api.web");
        assertThat(images()).contains(first.strip());
        roll("3");
        assertThat(images()).doesNotContain("api:1 ").contains("api:2 ", "api:3 ");
        try (Stream<Path> releases = Files.list(folder().resolve("releases"))) {
            assertThat(releases.map(each -> each.getFileName().toString())).containsExactlyInAnyOrder("2", "3");
        }
        assertThat(Files.readSymbolicLink(folder().resolve("current"))).hasToString("releases/3");
        assertThat(Files.readSymbolicLink(folder().resolve("previous"))).hasToString("releases/2");
    }

    @Test
    void anActivateThatFailsPutsTheHostBack() {
        roll("1");
        world.images.put(
                "registry.example.com/api:2",
                Behaviour.builder().with("requiresCommand: true").build());
        world.done(release("prepare", "2"));
        Result failed = world.run(release("activate", "2"));
        assertThat(failed.exitCode()).isEqualTo(13);
        assertThat(failed.code()).isEqualTo("ExitedAtStart");
        assertThat(failed.answer().path("message").asText()).contains("exit code 1", "What ran before runs again.");
        assertThat(failed.service().path("revision").asText()).isEqualTo("1");
        assertThat(failed.process().path("state").asText()).isEqualTo("Running");
        assertThat(containers()).containsExactly("team.api.web");
        assertThat(answer()).contains("\"1\"");
    }

    @Test
    void aFirstReleaseThatFailsLeavesNothingRunning() {
        world.images.put(
                "registry.example.com/api:1",
                Behaviour.builder().with("requiresCommand: true").build());
        world.done(release("prepare", "1"));
        Result failed = world.run(release("activate", "1"));
        assertThat(failed.answer().path("message").asText()).contains("Nothing ran before.");
        assertThat(containers()).isEmpty();
    }

    @Test
    void anInterruptedExchangeIsPutBackBeforeTheNext() {
        roll("1");
        world.done(release("prepare", "2"));
        world.host.byHand("ubuntu", engine, "rename", "team.api.web", "team.api.web_replaced");
        world.host.byHand("ubuntu", engine, "stop", "team.api.web_replaced");
        world.images.put(
                "registry.example.com/api:2",
                Behaviour.builder().with("requiresCommand: true").build());
        assertThat(world.run(release("activate", "2")).exitCode()).isEqualTo(13);
        assertThat(containers()).containsExactly("team.api.web");
        assertThat(answer()).contains("\"1\"");
    }

    @Test
    void namesThatLookAlikeAreOfDifferentContainers() {
        for (String revision : List.of("1", "2")) {
            for (String verb : List.of("prepare", "activate")) {
                world.done(named(verb, "team.api", revision)
                        .container("web", "registry.example.com/api:" + revision, 8092)
                        .container("web-replaced", "registry.example.com/api:" + revision, 8093));
                world.done(named(verb, "team.api-web", revision)
                        .container("replaced", "registry.example.com/api:" + revision, 8094));
            }
        }
        assertThat(containers())
                .containsExactlyInAnyOrder("team.api.web", "team.api.web-replaced", "team.api-web.replaced");
        assertThat(inspected().answer().findValuesAsText("state")).containsExactly("Running", "Running", "Running");
    }

    private Request named(String verb, String service, String revision) {
        return Request.of(verb)
                .line("service", service)
                .line("operation", verb + revision)
                .release(revision, runtime, "ubuntu");
    }

    @Test
    void aRollbackGoesToThePreviousReleaseOnce() {
        roll("1");
        roll("2");
        Result back = world.done(rollback("r1"));
        assertThat(back.service().path("revision").asText()).isEqualTo("1");
        assertThat(back.service().path("previous").asText()).isEmpty();
        assertThat(answer()).contains("\"1\"");
        assertThat(world.done(rollback("r1")).answer()).isEqualTo(back.answer());
        Result none = world.run(rollback("r2"));
        assertThat(none.exitCode()).isEqualTo(14);
        assertThat(none.code()).isEqualTo("NoPrevious");
        assertThat(answer()).contains("\"1\"");
    }

    @Test
    void aRollbackMayNameTheRelease() {
        roll("1");
        roll("2");
        assertThat(world.run(rollback("r1").line("revision", "7")).code()).isEqualTo("NoPrevious");
        world.done(rollback("r2").line("revision", "1"));
        assertThat(answer()).contains("\"1\"");
    }

    @Test
    void aRollbackToWhatRunsStopsNothing() {
        roll("1");
        roll("2");
        int calls = world.host.calls().size();
        Result still = world.done(rollback("r1").line("revision", "2"));
        assertThat(still.service().path("previous").asText()).isEqualTo("1");
        assertThat(world.host.calls().subList(calls, world.host.calls().size()))
                .noneMatch(call -> call.arguments().contains("stop"));
        world.host.killContainer(engine, "team.api.web");
        world.done(rollback("r2").line("revision", "2"));
        assertThat(answer()).contains("\"2\"");
    }

    @Test
    void aRollbackThatFailsLeavesWhatRan() {
        roll("1");
        roll("2");
        world.images.put(
                "registry.example.com/api:1",
                Behaviour.builder().with("requiresCommand: true").build());
        Result failed = world.run(rollback("r1"));
        assertThat(failed.exitCode()).isEqualTo(14);
        assertThat(failed.service().path("revision").asText()).isEqualTo("2");
        assertThat(answer()).contains("\"2\"");
    }

    @Test
    void removeLeavesNothingAndMayBeRepeated() {
        roll("1");
        roll("2");
        world.host.byHand("ubuntu", engine, "pull", "registry.example.com/other:1");
        world.host.byHand("ubuntu", engine, "run", "-d", "--name", "other", "registry.example.com/other:1");
        Request remove = Request.of("remove")
                .line("service", "team.api")
                .line("operation", "gone")
                .line("owner", "uid-1");
        world.done(remove);
        assertThat(containers()).containsExactly("other");
        assertThat(images()).doesNotContain("api:");
        assertThat(folder()).doesNotExist();
        world.done(remove);
        assertThat(world.done(Request.of("inspect")).answer().path("services")).isEmpty();
    }

    @Test
    void firstReleaseThatCannotBePreparedIsToldAndRemoved() {
        world.images.put(
                "registry.example.com/none:1",
                Behaviour.builder().pull(Pull.NOT_FOUND).build());
        Request prepare = release("prepare", "1").container("zone", "registry.example.com/none:1", 8093);
        assertThat(world.run(prepare).code()).isEqualTo("ImageNotFound");
        assertThat(images()).contains("api:1");
        Result inspected = inspected();
        assertThat(inspected.service().path("service").asText()).isEqualTo("team.api");
        assertThat(inspected.service().path("revision").asText()).isEmpty();
        assertThat(inspected.service().path("dirty").asBoolean()).isFalse();
        assertThat(inspected.service().path("processes")).isEmpty();
        world.done(Request.of("remove")
                .line("service", "team.api")
                .line("operation", "gone")
                .line("owner", "uid-1"));
        assertThat(folder()).doesNotExist();
        assertThat(images()).doesNotContain("api:1");
    }

    @Test
    void imageThatAnotherServiceIsPreparedWithIsLeft() {
        roll("1");
        Request other = Request.of("prepare")
                .line("service", "team.jobs")
                .line("operation", "p")
                .release("9", runtime, "ubuntu")
                .container("jobs", "registry.example.com/api:1", 8099);
        world.done(other);
        roll("2");
        roll("3");
        assertThat(images()).contains("api:1 ", "api:2 ", "api:3 ");
        world.done(Request.of("remove").line("service", "team.api").line("operation", "gone"));
        assertThat(images()).contains("api:1 ").doesNotContain("api:2 ", "api:3 ");
        world.done(Request.of("remove").line("service", "team.jobs").line("operation", "gone"));
        assertThat(images()).doesNotContain("api:1 ");
    }

    @Test
    void whatBelongsToAnotherResourceIsLeft() {
        roll("1");
        Request foreign = Request.of("remove")
                .line("service", "team.api")
                .line("operation", "gone")
                .line("owner", "uid-2");
        Result refused = world.run(foreign);
        assertThat(refused.exitCode()).isEqualTo(17);
        assertThat(refused.code()).isEqualTo("ForeignOwner");
        assertThat(answer()).contains("\"1\"");
    }

    @Test
    void anOperationWhileAnotherRunsIsBusy() {
        Path held = world.host.root().resolve("tmp/held");
        Path free = world.host.root().resolve("tmp/free");
        CompletableFuture<Shell.Execution> holder = CompletableFuture.supplyAsync(
                () -> world.host.run("""
                base=$LIGHTKEEPER_ROOT/var/lib/lightkeeper/.locks
                mkdir -p "$base"
                exec 9>"$base/team.api"
                flock 9
                : >"$LIGHTKEEPER_ROOT/tmp/held"
                while [ ! -e "$LIGHTKEEPER_ROOT/tmp/free" ]; do sleep 1; done
                """, Duration.ofMinutes(1)), Thread::startVirtualThread);
        Awaitility.await().until(() -> Files.exists(held));
        Result busy = world.run(release("prepare", "1"));
        assertThat(busy.exitCode()).isEqualTo(15);
        assertThat(busy.code()).isEqualTo("Busy");
        assertThat(busy.answer().path("result").asText()).isEqualTo("Busy");
        world.done(Request.of("inspect"));
        write(free, "");
        assertThat(holder.join().exitCode()).isZero();
        world.done(release("prepare", "1"));
    }

    @Test
    void inspectFindsWhatPeopleDidByHand() {
        roll("1");
        world.host.killContainer(engine, "team.api.web");
        assertThat(inspected().process().path("state").asText()).isEqualTo("Exited");

        world.host.byHand("ubuntu", engine, "rm", "--force", "team.api.web");
        assertThat(inspected().process().path("state").asText()).isEqualTo("Missing");

        world.host.byHand("ubuntu", engine, "run", "-d", "--name", "team.api.web", "registry.example.com/api:hotfix");
        Result byHand = inspected();
        assertThat(byHand.process().path("image").asText()).isEqualTo("registry.example.com/api:hotfix");
        assertThat(byHand.process().path("user").asText()).isEmpty();
        assertThat(byHand.process().path("environment").asText()).isEqualTo("Differs");
        assertThat(byHand.process().path("variables")).isEmpty();
    }

    @Test
    void anEditedEnvFileIsFoundAndRepairedByPreparingAgain() {
        roll("1");
        Path env = folder().resolve("releases/1/env.web");
        write(env, "MODE=slow\n");
        assertThat(inspected().process().path("environment").asText()).isEqualTo("Differs");

        Result refused = world.run(release("activate", "1", "again"));
        assertThat(refused.exitCode()).isEqualTo(13);
        assertThat(refused.code()).isEqualTo("EnvironmentDiffers");
        assertThat(answer()).contains("fast");

        world.done(release("prepare", "1", "repair"));
        world.done(release("activate", "1", "repair"));
        assertThat(inspected().process().path("environment").asText()).isEqualTo("Equal");
        assertThat(env).content().startsWith("MODE=fast\n");
    }

    @Test
    void releaseThatIsGoneFromTheDiskIsPreparedAnew() throws IOException {
        roll("1");
        Files.move(folder().resolve("releases/1"), world.host.root().resolve("tmp/lost"));
        world.done(release("prepare", "1", "repair"));
        world.done(release("activate", "1", "repair"));
        assertThat(answer()).contains("\"1\"");
        assertThat(inspected().service().path("dirty").asBoolean()).isFalse();
    }

    @Test
    void aKilledContainerComesBackByActivatingAgain() {
        roll("1");
        world.host.killContainer(engine, "team.api.web");
        world.done(release("activate", "1", "again"));
        assertThat(answer()).contains("\"1\"");
        assertThat(state("previous")).isEmpty();
    }

    @Test
    void aHostThatRestartsRunsTheReleaseAgain() {
        roll("1");
        world.hosts.powered("i-0123456789abcdef0", false);
        assertThat(inspected().process().path("state").asText()).isEqualTo("Exited");
        world.hosts.powered("i-0123456789abcdef0", true);
        assertThat(answer()).contains("\"1\"");
    }

    @Test
    void whatWouldNotComeBackWithTheHostIsNotStartedButAWayBackIsTaken() throws IOException {
        roll("1");
        roll("2");
        world.done(release("prepare", "3"));
        Files.writeString(
                world.host.root().resolve("usr/bin/loginctl"),
                "#!/bin/sh\necho 'Could not enable linger: Access denied' >&2\nexit 1\n");

        Result activated = world.run(release("activate", "3"));
        if (runtime.equals("Docker")) {
            assertThat(activated.exitCode())
                    .as("Docker starts containers again by itself: %s", activated)
                    .isZero();
            return;
        }
        assertThat(activated.exitCode()).as(activated.toString()).isEqualTo(13);
        assertThat(activated.code()).isEqualTo("ToolMissing");
        assertThat(activated.answer().path("message").asText()).contains("ubuntu", "Could not enable linger");
        assertThat(answer()).contains("\"2\"");

        world.done(Request.of("rollback").line("service", "team.api").line("operation", "back"));
        assertThat(answer()).contains("\"1\"");
    }

    @Test
    void withoutADeclarationDockersLogIsBoundedAndPodmansIsWhatTheHostIsSetTo() {
        roll("1");
        assertThat(logConfig("team.api.web"))
                .isEqualTo(
                        engine.equals("docker")
                                ? "{\"Type\":\"json-file\",\"Config\":{\"max-size\":\"10m\",\"max-file\":\"3\"}}"
                                : "{\"Type\":\"k8s-file\",\"Config\":null,\"Tag\":\"\",\"Size\":\"0B\"}");
        assertThat(inspected().process().path("logging").asText()).isEqualTo("Equal");
    }

    @Test
    void declaredLogOptionsReachTheContainerAndOthersAreSeen() {
        boolean docker = engine.equals("docker");
        String driver = docker ? "local" : "k8s-file";
        world.done(release("prepare", "1").line("logDriver", driver).line("logOption", "max-size=5k"));
        world.done(release("activate", "1"));
        assertThat(logConfig("team.api.web"))
                .isEqualTo(
                        docker
                                ? "{\"Type\":\"local\",\"Config\":{\"max-size\":\"5k\"}}"
                                : "{\"Type\":\"k8s-file\",\"Config\":null,\"Tag\":\"\",\"Size\":\"5kB\"}");
        assertThat(inspected().process().path("logging").asText()).isEqualTo("Equal");

        for (String[] other : new String[][] {{driver, "max-size=6k"}, {driver, "max-size=5m"}, {"journald", ""}}) {
            again(other[0], other[1]);
            assertThat(inspected().process().path("logging").asText())
                    .as(other[1])
                    .isEqualTo("Differs");
        }
        world.done(rollback("same").line("revision", "1"));
        assertThat(inspected().process().path("logging").asText()).isEqualTo("Equal");
    }

    @Test
    void tagOfTheJournalIsSeenAsItWasDeclared() {
        world.done(release("prepare", "1").line("logDriver", "journald").line("logOption", "tag={{.Name}}/a"));
        world.done(release("activate", "1"));
        assertThat(inspected().process().path("logging").asText()).isEqualTo("Equal");
        again("journald", "tag={{.Name}}/b");
        assertThat(inspected().process().path("logging").asText()).isEqualTo("Differs");
    }

    @Test
    void logThatIsKeptNowhereIsToldWithItsDriver() {
        world.done(release("prepare", "1").line("logDriver", "none"));
        world.done(release("activate", "1"));
        JsonNode log = log("0", "15000");
        assertThat(log.path("readable").asBoolean()).isFalse();
        assertThat(log.path("kind").asText()).isEqualTo("none");
    }

    @Test
    void driverThatTheEngineDoesNotHaveIsAStartThatFailed() {
        String driver = engine.equals("docker") ? "k8s-file" : "local";
        roll("1");
        world.done(release("prepare", "2").line("logDriver", driver));
        Result failed = world.run(release("activate", "2"));
        assertThat(failed.code()).isEqualTo("StartFailed");
        assertThat(failed.answer().path("message").asText()).contains("log driver");
        assertThat(answer()).contains("\"1\"");
    }

    /** Somebody makes the container anew, with the same image and variables. */
    private void again(String driver, String option) {
        String name = "team.api.web";
        String image = world.host
                .byHand("ubuntu", engine, "inspect", "--format", "{{.Image}}", name)
                .strip();
        world.host.byHand("ubuntu", engine, "rm", "--force", name);
        List<String> run = new ArrayList<>(List.of("run", "--detach", "--name", name, "--restart", "always"));
        run.addAll(List.of("--label", "dev.lightkeeper.service=team.api", "--label", "dev.lightkeeper.user=ubuntu"));
        run.addAll(List.of("--env-file", folder().resolve("releases/1/env.web").toString()));
        run.addAll(List.of("--log-driver", driver));
        if (!option.isEmpty()) {
            run.addAll(List.of("--log-opt", option));
        }
        run.add(image);
        world.host.byHand("ubuntu", engine, run.toArray(String[]::new));
    }

    private String logConfig(String container) {
        return world.host
                .byHand("ubuntu", engine, "inspect", "--format", "{{json .HostConfig.LogConfig}}", container)
                .strip();
    }

    @Test
    void logsAreTheLatestBytesSinceATime() {
        world.images.put(
                "registry.example.com/api:1",
                Behaviour.builder()
                        .startupLogLine(0, "api starts")
                        .startupLogLine(60, "late line with \u00fc and $(date)")
                        .build());
        roll("1");
        world.clock.advance(Duration.ofSeconds(90));
        assertThat(logs("0", "15000")).isEqualTo("api starts\nlate line with \u00fc and $(date)\n");
        String since = Long.toString(world.clock.now().getEpochSecond() - 40);
        assertThat(logs(since, "15000")).isEqualTo("late line with \u00fc and $(date)\n");
    }

    @Test
    void logThatIsTooLongLosesItsOldestLinesAndSaysSo() {
        world.images.put("registry.example.com/api:1", talkative(400));
        roll("1");
        JsonNode log = log("0", "4000");
        assertThat(log.path("cut").asBoolean()).isTrue();
        assertThat(Base64.getDecoder().decode(log.path("log").asText())).hasSizeBetween(2000, 4000);
        assertThat(HostWorld.lines(log)).contains("\n399 ").doesNotContain("\n10 ");
    }

    /** What is not told is not kept for a moment either: temporary files may be memory, and a log may be long. */
    @Test
    void ofALogNoMoreReachesTheDiskThanIsTold() {
        world.images.put("registry.example.com/api:1", talkative(800));
        roll("1");
        Request request = Request.of("logs").line("limitBytes", "500").line("log", "team.api");
        Result logs = world.run("ulimit -f 32\n" + request.script(HostWorld.SCRIPT));
        JsonNode log = logs.answer().at("/logs/0");
        assertThat(log.path("readable").asBoolean()).as(logs.toString()).isTrue();
        assertThat(log.path("cut").asBoolean()).isTrue();
        assertThat(HostWorld.lines(log)).contains("\n799 ").doesNotContain("\n10 ");
    }

    private static Behaviour talkative(int lines) {
        BehaviourBuilder talkative = Behaviour.builder();
        for (int i = 0; i < lines; i++) {
            talkative.startupLogLine(0, i + " " + UUID.nameUUIDFromBytes(new byte[] {(byte) i, (byte) (i >> 8)}));
        }
        return talkative.build();
    }

    @Test
    void logsTellWhenTheReleaseWasStartedAndWhatTimeItIsThere() {
        world.host.clockSkew(Duration.ofMinutes(5));
        long before = world.clock.now().getEpochSecond() + 300;
        roll("1");
        world.clock.advance(Duration.ofHours(1));
        Result logs = world.done(Request.of("logs").line("log", "team.api").line("sinceEpochSeconds", "0"));
        long activated = logs.answer().at("/logs/0/activatedAt").asLong();
        assertThat(activated).isBetween(before, before + 60);
        assertThat(logs.answer().at("/host/time").asLong()).isGreaterThanOrEqualTo(activated + 3600);
        assertThat(logs.answer().at("/logs/0/cut").asBoolean()).isFalse();
        assertThat(logs.answer().at("/logs/0/readable").asBoolean()).isTrue();
    }

    @Test
    void oneCommandReadsTheLogsOfManyServicesAndLeavesOutThoseThatDoNotLieHere() {
        roll("1");
        Result logs = world.done(Request.of("logs").line("log", "team.none").line("log", "team.api"));
        assertThat(logs.answer().path("logs")).hasSize(1);
        assertThat(logs.answer().at("/logs/0/service").asText()).isEqualTo("team.api");
        assertThat(world.run(Request.of("logs")).code()).isEqualTo("RequestInvalid");
    }

    @Test
    void oneLookShowsAllServices() {
        roll("1");
        Request other = Request.of("prepare")
                .line("service", "team.jobs")
                .line("operation", "p")
                .release("9", runtime, "ubuntu")
                .container("jobs", "registry.example.com/api:9", 8099);
        world.done(other);
        Result all = inspected();
        assertThat(all.answer().path("services")).hasSize(2);
        assertThat(all.answer().at("/services/1/service").asText()).isEqualTo("team.jobs");
        assertThat(all.answer().at("/services/1/revision").asText()).isEmpty();
        assertThat(all.answer().at("/services/1/processes")).isEmpty();
    }

    @Test
    void aPortOfItsOwnIsNoProblemForTheNextRelease() {
        roll("1");
        Result looked = world.run(Request.of("inspect")
                .line("service", "team.api")
                .release("2", runtime, "ubuntu")
                .container("web", "registry.example.com/api:2", 8092));
        assertThat(looked.exitCode()).as(looked.toString()).isZero();
        assertThat(looked.answer().path("preflight")).isEmpty();
    }

    private void roll(String revision) {
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
                .container("web", "registry.example.com/api:" + revision, 8092)
                .env("MODE", "fast")
                .parameter("TOKEN", "/team/token:3");
    }

    private static Request rollback(String operation) {
        return Request.of("rollback")
                .line("service", "team.api")
                .line("operation", operation)
                .line("owner", "uid-1");
    }

    private Result inspected() {
        return world.done(Request.of("inspect"));
    }

    private String state(String field) {
        return inspected().service().path(field).asText();
    }

    private String answer() {
        Result probed = world.done(Request.of("probe").probe("readiness", 8092, "/healthz"));
        assertThat(probed.answer().at("/responses/0/status").asInt())
                .as(probed.toString())
                .isEqualTo(200);
        return text(probed.answer().at("/responses/0/body").asText());
    }

    private String logs(String since, String limit) {
        return HostWorld.lines(log(since, limit));
    }

    private JsonNode log(String since, String limit) {
        Result logs = world.done(Request.of("logs")
                .line("limitBytes", limit)
                .line("log", "team.api")
                .line("sinceEpochSeconds", since));
        return logs.answer().at("/logs/0");
    }

    private String[] containers() {
        return world.host
                .byHand("ubuntu", engine, "ps", "--all", "--format", "{{.Names}}")
                .lines()
                .toArray(String[]::new);
    }

    private String images() {
        return world.host.byHand("ubuntu", engine, "image", "ls");
    }

    private Path folder() {
        return world.host.root().resolve("var/lib/lightkeeper/team.api");
    }

    private static String text(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
