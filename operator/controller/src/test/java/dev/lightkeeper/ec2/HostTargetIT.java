package dev.lightkeeper.ec2;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lightkeeper.act.CloudWriter.Answer;
import dev.lightkeeper.api.v1alpha1.HostCommandStatus;
import dev.lightkeeper.api.v1alpha1.Reason;
import dev.lightkeeper.api.v1alpha1.RollKind;
import dev.lightkeeper.api.v1alpha1.RollPhase;
import dev.lightkeeper.api.v1alpha1.RollStatus;
import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;
import dev.lightkeeper.aws.AwsWorld;
import dev.lightkeeper.aws.CallLimits;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.desired.DesiredStep;
import dev.lightkeeper.desired.Digester;
import dev.lightkeeper.desired.References;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.kube.KubernetesClients;
import dev.lightkeeper.observe.AccountCheck;
import dev.lightkeeper.observe.HostOutcome;
import dev.lightkeeper.observe.HostProblem;
import dev.lightkeeper.observe.HostReport;
import dev.lightkeeper.observe.LiveCommand;
import dev.lightkeeper.observe.LiveHost;
import dev.lightkeeper.observe.LiveHosts;
import dev.lightkeeper.observe.LiveState;
import dev.lightkeeper.observe.Look;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.observe.Readings;
import dev.lightkeeper.plan.Action;
import dev.lightkeeper.plan.Timings;
import dev.lightkeeper.simulators.aws.application.Behaviour;
import dev.lightkeeper.simulators.aws.faults.Fault;
import dev.lightkeeper.simulators.aws.faults.FaultKind;
import dev.lightkeeper.simulators.aws.host.SimulatedHost;
import dev.lightkeeper.verify.HostProber;
import dev.lightkeeper.verify.LogLine;
import dev.lightkeeper.verify.LogSource;
import dev.lightkeeper.verify.Prober;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The adapter over the real SDK against simulated EC2 and SSM, whose hosts run the real host script. */
@NullUnmarked
class HostTargetIT {
    private static final String SPEC = """
            accountRef: {name: default}
            scale: 1
            minimumScale: 1
            ec2: {hosts: {select: {tags: {Service: api}}}, runtime: Docker, runAs: ubuntu, terminationGracePeriodSeconds: 5}
            containers: [{name: api, image: "example.com/api:1", ports: [{containerPort: 3697, hostPort: 3697, protocol: HTTP}], env: [{name: MODE, value: live}]}]
            readiness: {path: /healthz, port: 3697, periodSeconds: 30, timeoutSeconds: 5, failureThreshold: 3, successThreshold: 1}
            verification: {deadlineSeconds: 360, retries: 5, backoff: {initialSeconds: 2, factor: 2, maxSeconds: 30}, randomPathControl: Disabled}
            rollout: {progressDeadlineSeconds: 1800, minReadySeconds: 30, bakeSeconds: 600, maxAttempts: 1, onFailure: Rollback}
            driftPolicy: Correct
            managementPolicy: Enforce
            adoptionPolicy: CreateOnly
            deletionPolicy: Retain
            """;

    private static final String ACCESS =
            "{namespaces: {matchLabels: {team: core}}, parameterPaths: [\"/{namespace}/*\"], ec2: {instanceTags: {managed-by: lightkeeper}, runAsUsers: [ubuntu], logGroups: [\"/api/{namespace}\"]}}";

    private final AwsWorld world = new AwsWorld();
    private DesiredState desired = desired(SPEC);
    private HostTarget target;
    private String host;

    @BeforeEach
    void begin() {
        world.declare("default", "123456789012", AwsWorld.AMBIENT, ACCESS);
        target = HostTarget.of(
                world.gate,
                HostScript.shipped(),
                AwsWorld.CLUSTER,
                CallLimits.standard().faster(1000),
                Readings.UNHEARD,
                Timings.standard(),
                world.clock,
                new Random(1));
        host = world.aws.ec2(AwsWorld.REGION).running(Map.of("managed-by", "lightkeeper", "Service", "api"));
        world.aws.ec2(AwsWorld.REGION).running(Map.of("managed-by", "lightkeeper", "Service", "other"));
        world.aws.ec2(AwsWorld.REGION).running(Map.of("Service", "api"));
    }

    @AfterEach
    void end() {
        world.close();
    }

    private DesiredState desired(String spec) {
        return desired(spec, "api");
    }

    private DesiredState desired(String spec, String name) {
        References none = (References) Proxy.newProxyInstance(
                References.class.getClassLoader(), new Class<?>[] {References.class}, (proxy, method, arguments) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
        return new DesiredStep(none, world.parameterStore(), new Digester("0123456789abcdef".getBytes(UTF_8)))
                .resolve(
                        new DesiredState.ResourceIdentity("production", name, "uid-" + name, 1),
                        KubernetesClients.lenient().unmarshal(spec, ServiceDeploymentSpec.class),
                        null,
                        Map.of(),
                        false);
    }

    /** Simulated time stands still while a script runs: it says nothing of how fast this machine is. */
    private void passAtAws(Duration time) {
        world.aws.clock().advance(time);
        assertThat(world.aws.ssm().awaitScripts(Duration.ofMinutes(2))).isTrue();
    }

    private LiveState look(HostCommandStatus command) {
        world.clock.advance(Duration.ofSeconds(5));
        passAtAws(Duration.ofSeconds(5));
        return target.observer().look(new Look(desired, null, null, false, false, false, command));
    }

    private LiveHosts until(HostCommandStatus command, Predicate<LiveHosts> holds) {
        AtomicReference<LiveHosts> last = new AtomicReference<>();
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            if (look(command).hosts() instanceof Observed.Present<LiveHosts>(LiveHosts hosts)) {
                last.set(hosts);
                return holds.test(hosts);
            }
            return false;
        });
        return last.get();
    }

    private HostOutcome told(String verb, RollPhase phase, int number) {
        HostCommandStatus command =
                new HostCommandStatus(verb, "uid.1." + number, null, List.of(host), world.clock.instant());
        RollStatus roll =
                new RollStatus(1L, "1", RollKind.Deploy, phase, null, null, null, null, number, null, null, null);
        Answer answer = target.writer()
                .apply(
                        desired,
                        new Action.CommandHosts(
                                "production/api",
                                command,
                                roll,
                                List.of(),
                                desired.release().fingerprint(),
                                desired));
        assertThat(answer).isInstanceOf(Answer.Accepted.class);
        assertThat(((Answer.Accepted) answer).commandId()).isNotNull();
        // As if the answer had been lost: it is found again by its comment.
        return ended(command);
    }

    private HostOutcome ended(HostCommandStatus command) {
        LiveHosts hosts = until(
                command,
                seen -> seen.command() instanceof Observed.Present<LiveCommand>(LiveCommand found)
                        && !(found.on(host) instanceof HostOutcome.Running));
        return ((Observed.Present<LiveCommand>) hosts.command()).value().on(host);
    }

    private static HostReport.Installed installed(LiveHost host) {
        return host.report() instanceof Observed.Present<HostReport>(HostReport report) ? report.installed() : null;
    }

    @Test
    void onlyInstancesWithBothKindsOfTagsAreSeenAndTheyTellWhatLiesThere() {
        LiveHosts hosts = until(
                null,
                seen -> seen.hosts().stream().allMatch(each -> each.report() instanceof Observed.Present<HostReport>));

        assertThat(hosts.hosts()).extracting(LiveHost::instanceId).containsExactly(host);
        assertThat(hosts.hosts().getFirst().online()).isTrue();
        assertThat(installed(hosts.hosts().getFirst())).isNull();
    }

    @Test
    void releaseIsBroughtStartedAskedAndTakenOff() {
        assertThat(told("inspect", RollPhase.Preflight, 1)).isEqualTo(new HostOutcome.Done(List.of()));
        assertThat(told("prepare", RollPhase.Preparing, 2)).isEqualTo(new HostOutcome.Done(List.of()));
        assertThat(told("activate", RollPhase.Rolling, 3)).isEqualTo(new HostOutcome.Done(List.of()));

        world.clock.advance(Duration.ofMinutes(2));
        LiveHosts hosts = until(null, seen -> installed(seen.hosts().getFirst()) != null);
        HostReport.Installed installed = installed(hosts.hosts().getFirst());
        assertThat(installed.owner()).isEqualTo(AwsWorld.CLUSTER);
        assertThat(installed.revision()).isEqualTo("1");
        assertThat(installed.fingerprint()).isEqualTo(desired.release().fingerprint());
        assertThat(installed.processes())
                .containsExactly(new HostReport.Workload(
                        "api",
                        HostReport.State.RUNNING,
                        "example.com/api:1",
                        "ubuntu",
                        HostReport.Environment.EQUAL,
                        false));

        Prober.Request request =
                new Prober.Request("GET", URI.create("http://127.0.0.1:3697/healthz"), Map.of(), Duration.ofSeconds(2));
        assertThat(asked(List.of(request)))
                .singleElement()
                .isInstanceOfSatisfying(
                        Prober.Answer.Response.class,
                        response -> assertThat(response.status()).isEqualTo(200));

        assertThat(told("remove", RollPhase.Rolling, 4)).isEqualTo(new HostOutcome.Done(List.of()));
    }

    private List<Prober.Answer> asked(List<Prober.Request> requests) {
        String ticket =
                ((HostProber.Reply.Given<String>) target.prober().begin(desired, List.of(host), requests)).value();
        AtomicReference<List<Prober.Answer>> answer = new AtomicReference<>();
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            passAtAws(Duration.ofSeconds(5));
            if (target.prober().answers(desired, ticket)
                    instanceof HostProber.Reply.Given<Map<String, List<Prober.Answer>>>(var answers)) {
                answer.set(answers.get(host));
            }
            return answer.get() != null;
        });
        return answer.get();
    }

    @Test
    void roundOfMoreRequestsThanOneCommandAnswersIsAnsweredWholeAndInOrder() {
        started();
        world.aws.host(AwsWorld.REGION, host).listen(3698);
        List<Prober.Request> requests = IntStream.range(0, 12)
                .mapToObj(i -> new Prober.Request(
                        "GET",
                        URI.create("http://127.0.0.1:%d/healthz".formatted(i == 7 ? 3697 : 3698)),
                        Map.of(),
                        Duration.ofSeconds(3)))
                .toList();

        List<Prober.Answer> answers = asked(requests);

        assertThat(answers).hasSize(12);
        assertThat(answers.get(7)).isInstanceOf(Prober.Answer.Response.class);
        assertThat(answers.subList(8, 12))
                .allSatisfy(answer -> assertThat(answer)
                        .isInstanceOfSatisfying(
                                Prober.Answer.NoResponse.class,
                                none -> assertThat(none.fault()).isEqualTo(Prober.Fault.TIMEOUT)));
        assertThat(world.aws
                        .audit()
                        .where(entry ->
                                entry.operation().equals("SendCommand") && "lightkeeper probe".equals(entry.comment())))
                .hasSize(3);
    }

    private static Duration clockAhead(LiveHosts hosts) {
        return hosts.hosts().getFirst().report() instanceof Observed.Present<HostReport>(HostReport report)
                ? report.clockAhead()
                : Duration.ZERO;
    }

    @Test
    void clockOfAHostIsHeldAgainstThatOfAws() {
        LiveHosts right = until(null, seen -> seen.hosts().getFirst().report() instanceof Observed.Present<HostReport>);
        assertThat(clockAhead(right)).isZero();

        SimulatedHost machine = world.aws.host(AwsWorld.REGION, host);
        machine.clockSkew(Duration.ofMinutes(7));
        world.clock.advance(Duration.ofMinutes(2));
        world.aws.clock().advance(Duration.ofMinutes(2));
        assertThat(clockAhead(until(null, seen -> !clockAhead(seen).isZero())))
                .isBetween(Duration.ofMinutes(5), Duration.ofMinutes(7));

        machine.clockSkew(Duration.ofMinutes(-7));
        world.clock.advance(Duration.ofMinutes(2));
        world.aws.clock().advance(Duration.ofMinutes(2));
        assertThat(clockAhead(until(null, seen -> clockAhead(seen).isNegative())))
                .isBetween(Duration.ofMinutes(-7), Duration.ofMinutes(-5));
    }

    @Test
    void loginAtTheRegistryIsMadeWithThePasswordOfToday() {
        SimulatedHost machine = world.aws.host(AwsWorld.REGION, host);
        machine.registryLogin("example.com", "robot", "right");
        world.parameters().put("/production/registry", "SecureString", "wrong");
        assertThat(told("prepare", RollPhase.Preparing, 1)).isInstanceOfSatisfying(HostOutcome.Failed.class, denied -> {
            assertThat(denied.code()).isEqualTo("ImagePullDenied");
        });
        desired = desired(SPEC.replace(
                "runAs: ubuntu,",
                "runAs: ubuntu, registryCredentials: {username: robot, passwordParameter: /production/registry},"));
        assertThat(desired.problems()).isEmpty();

        assertThat(told("inspect", RollPhase.Preflight, 2)).isEqualTo(new HostOutcome.Done(List.of()));
        assertThat(told("prepare", RollPhase.Preparing, 3))
                .isInstanceOfSatisfying(HostOutcome.Failed.class, refused -> {
                    assertThat(refused.code()).isEqualTo("RegistryLoginFailed");
                    assertThat(refused.message()).contains("robot").doesNotContain("wrong");
                });
        assertThat(machine.calls()).noneMatch(call -> call.arguments().contains("run"));

        world.parameters().put("/production/registry", "SecureString", "right");
        assertThat(told("prepare", RollPhase.Preparing, 4)).isEqualTo(new HostOutcome.Done(List.of()));

        world.parameters().delete("/production/registry");
        assertThat(told("inspect", RollPhase.Preflight, 5))
                .isEqualTo(new HostOutcome.Done(List.of(new HostProblem(
                        "ParameterMissing",
                        "There is no parameter /production/registry, or it has no such version."))));
    }

    private void started() {
        assertThat(told("prepare", RollPhase.Preparing, 2)).isEqualTo(new HostOutcome.Done(List.of()));
        assertThat(told("activate", RollPhase.Rolling, 3)).isEqualTo(new HostOutcome.Done(List.of()));
    }

    private LogSource.Reading read(DesiredState of, String place, boolean soon) {
        LogSource.Wanted wanted = new LogSource.Wanted(
                new TreeMap<>(Map.of(place, world.clock.instant().minusSeconds(600))), soon);
        AtomicReference<LogSource.Reading> reading = new AtomicReference<>();
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            world.clock.advance(Duration.ofSeconds(5));
            passAtAws(Duration.ofSeconds(5));
            reading.set(target.logs().read(of, wanted).get(place));
            return reading.get() != null;
        });
        return reading.get();
    }

    private int sentForLogs() {
        return world.aws
                .audit()
                .where(entry -> entry.operation().equals("SendCommand") && "lightkeeper logs".equals(entry.comment()))
                .size();
    }

    @Test
    void logOfAHostComesThroughSsmWithTheStartOfTheReleaseAndIsAskedForOnce() {
        world.aws.catalogue().put("example.com/api:1", talking());
        started();

        LogSource.Reading.Lines lines = (LogSource.Reading.Lines) read(desired, host, true);

        assertThat(lines.lines()).extracting(LogLine::text).containsExactly("Listening on port 3697");
        assertThat(lines.complete()).isTrue();
        assertThat(lines.host().cut()).isFalse();
        assertThat(lines.host().started().at())
                .isBeforeOrEqualTo(lines.lines().getFirst().at());
        assertThat(lines.host().askedAt()).isBefore(world.clock.instant());
        assertThat(sentForLogs()).isEqualTo(1);
    }

    @Test
    void whatSeveralServicesWantIsAskedForByOneCommand() {
        world.aws.catalogue().put("example.com/api:1", talking());
        started();
        DesiredState other = desired(SPEC, "jobs");
        LogSource.Wanted wanted = new LogSource.Wanted(
                new TreeMap<>(Map.of(host, world.clock.instant().minusSeconds(3600))), false);
        assertThat(target.logs().read(desired, wanted)).isEmpty();
        assertThat(target.logs().read(other, wanted)).isEmpty();

        assertThat(read(desired, host, false)).isInstanceOf(LogSource.Reading.Lines.class);
        assertThat(read(other, host, false)).isInstanceOf(LogSource.Reading.Unreadable.class);
        assertThat(sentForLogs()).isEqualTo(1);
    }

    @Test
    void logOfAHostThatIsAwayIsNotKnown() {
        world.aws.ec2(AwsWorld.REGION).stop(host);
        world.aws.clock().advance(Duration.ofMinutes(5));
        assertThat(read(desired, host, true)).isInstanceOf(LogSource.Reading.Unreadable.class);
    }

    @Test
    void logInCloudWatchIsReadFromItsStreamAndWhatIsMissingIsNamed() {
        world.aws.catalogue().put("example.com/api:1", talking());
        DesiredState grouped = desired(SPEC.replace(
                "runtime: Docker", "runtime: Docker, logGroup: {name: /api/production, stream: api/production}"));

        assertThat(read(grouped, "any", false))
                .isEqualTo(new LogSource.Reading.Missing(new Failure.Terminal(
                        "NotFoundException",
                        "there is no log group /api/production in %s; let the hosts' log agent make it, or correct ec2.logGroup.name"
                                .formatted(AwsWorld.REGION))));
        world.aws.logs().in(AwsWorld.REGION).group("/api/production", null);
        assertThat(((LogSource.Reading.Missing) read(grouped, "any", false))
                        .failure()
                        .message())
                .startsWith("log group /api/production has no stream api/production");

        world.aws.shipLogs(AwsWorld.REGION, host, "/api/production", "api/production");
        world.aws.logs().in(AwsWorld.REGION).put("/api/production", "other/production", "not ours");
        started();
        readsWhatWasShipped(grouped);
        world.aws.faults().add(Fault.of(FaultKind.DENIED, "FilterLogEvents").times(1));
        assertThat(read(grouped, "any", false))
                .isInstanceOfSatisfying(
                        LogSource.Reading.Missing.class,
                        missing -> assertThat(missing.failure()).isInstanceOf(Failure.Denied.class));
    }

    private void readsWhatWasShipped(DesiredState grouped) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            world.aws.clock().advance(Duration.ofSeconds(10));
            assertThat(read(grouped, "any", false))
                    .isInstanceOfSatisfying(
                            LogSource.Reading.Lines.class,
                            read -> assertThat(read.lines())
                                    .extracting(LogLine::text)
                                    .containsExactly("Listening on port 3697"));
        });
    }

    @Test
    void whatDockerShipsIntoTheGroupIsReadFromIt() {
        world.aws.catalogue().put("example.com/api:1", talking());
        world.aws.logs().in(AwsWorld.REGION).group("/api/production", null);
        desired = desired(
                SPEC.replace(
                        "runtime: Docker",
                        "runtime: Docker, logging: {driver: awslogs}, logGroup: {name: /api/production, stream: api/production}"));
        started();
        readsWhatWasShipped(desired);
    }

    @Test
    void containerThatShipsIntoAGroupThatIsMissingDoesNotStart() {
        desired = desired(SPEC.replace(
                "runtime: Docker", "runtime: Docker, logging: {driver: awslogs}, logGroup: {name: /api/production}"));
        assertThat(told("prepare", RollPhase.Preparing, 2)).isEqualTo(new HostOutcome.Done(List.of()));
        assertThat(told("activate", RollPhase.Rolling, 3)).isInstanceOfSatisfying(HostOutcome.Failed.class, failed -> {
            assertThat(failed.code()).isEqualTo("StartFailed");
            assertThat(failed.message()).contains("The specified log group does not exist");
        });
    }

    @Test
    void groupThatTheAccountDoesNotAllowIsNotRead() {
        DesiredState grouped =
                desired(SPEC.replace("runtime: Docker", "runtime: Docker, logGroup: {name: /api/another}"));
        assertThat(target.observer()
                        .look(new Look(grouped, null, null, false, false, false, null))
                        .account())
                .isEqualTo(
                        new AccountCheck.Refused(
                                Reason.AccessNotAllowed,
                                "AwsAccount \"default\" does not allow log group \"/api/another\" to namespace \"production\" in access.ec2.logGroups"));
        assertThat(target.logs()
                        .read(grouped, new LogSource.Wanted(new TreeMap<>(Map.of("any", world.clock.instant())), true)))
                .isEmpty();
        assertThat(world.calls()).doesNotContain("FilterLogEvents");
    }

    private static Behaviour talking() {
        return Behaviour.builder()
                .endpoint("/healthz", 200, "{}")
                .startupLogLine(1, "Listening on port 3697")
                .build();
    }

    @Test
    void commandThatWasNeverSentIsAbsent() {
        HostCommandStatus command =
                new HostCommandStatus("activate", "uid.9.9", null, List.of(host), world.clock.instant());
        LiveHosts hosts = until(command, seen -> !(seen.command() instanceof Observed.Unknown));
        assertThat(hosts.command()).isInstanceOf(Observed.Absent.class);
    }

    @Test
    void hostsAreUsedOnlyAsTheAccountAllows() {
        world.declare(
                "default",
                "123456789012",
                AwsWorld.AMBIENT,
                "{namespaces: {matchLabels: {team: core}}, ec2: {instanceTags: {managed-by: lightkeeper}, runAsUsers: [app]}}");
        assertThat(look(null).account())
                .isEqualTo(new AccountCheck.Refused(
                        Reason.AccessNotAllowed,
                        "AwsAccount \"default\" does not allow user \"ubuntu\" in access.ec2.runAsUsers"));
    }
}
