package dev.lightkeeper.ec2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lightkeeper.api.v1alpha1.ServiceDeploymentSpec;
import dev.lightkeeper.aws.AccountSession;
import dev.lightkeeper.aws.Admission;
import dev.lightkeeper.aws.AwsAnswer;
import dev.lightkeeper.aws.AwsWorld;
import dev.lightkeeper.desired.DesiredState;
import dev.lightkeeper.failure.Failure;
import dev.lightkeeper.kube.KubernetesClients;
import dev.lightkeeper.observe.Observed;
import dev.lightkeeper.plan.Timings;
import dev.lightkeeper.simulators.aws.audit.AuditEntry;
import dev.lightkeeper.simulators.aws.faults.Fault;
import dev.lightkeeper.simulators.aws.faults.FaultKind;
import dev.lightkeeper.verify.HostProber.Reply;
import dev.lightkeeper.verify.Prober;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** SSM throttles what many services of an account ask of hosts, over the real SDK. */
@NullUnmarked
class ThrottledCommandsIT {
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String OTHER_REGION = "eu-west-1";
    private static final String ACCESS =
            "{namespaces: {matchLabels: {team: core}}, ec2: {instanceTags: {managed-by: lightkeeper}, runAsUsers: [ubuntu]}}";
    private static final List<Prober.Request> HEALTH = List.of(
            new Prober.Request("GET", URI.create("http://127.0.0.1:80/healthz"), Map.of(), Duration.ofSeconds(2)));

    private final AwsWorld world = new AwsWorld(new PlayedHosts(
            "{\"version\":1,\"verb\":\"probe\",\"result\":\"Done\",\"responses\":[{\"id\":\"p0\",\"status\":200}]}"));
    private Commands commands;
    private SsmHostProber prober;
    private AccountSession session;

    @BeforeEach
    void begin() {
        world.declare("default", "123456789012", AwsWorld.AMBIENT, ACCESS, OTHER_REGION);
        commands = new Commands(world.gate, Timings.standard(), world.clock);
        prober = new SsmHostProber(world.gate, commands, HostScript.shipped(), Timings.standard(), world.clock);
        session = ((Admission.Granted) world.gate.admitHosts(service("a").spec(), "production")).session();
    }

    @AfterEach
    void end() {
        world.close();
    }

    private static DesiredState service(String name) {
        return service(name, AwsWorld.REGION);
    }

    private static DesiredState service(String name, String region) {
        ServiceDeploymentSpec spec = KubernetesClients.lenient()
                .unmarshal(
                        "accountRef: {name: default}\nregion: %s\nec2: {hosts: {select: {tags: {Service: api}}}, runtime: Docker, runAs: ubuntu}"
                                .formatted(region),
                        ServiceDeploymentSpec.class);
        return AwsWorld.desired(name, spec);
    }

    private List<String> running(int count) {
        return running(count, AwsWorld.REGION);
    }

    private List<String> running(int count, String region) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(world.aws.ec2(region).running(Map.of("managed-by", "lightkeeper")));
        }
        return ids;
    }

    /** Hosts answer in their own time, during which the clocks here stand still. */
    private void pass(Duration time) {
        world.clock.advance(time);
        world.aws.clock().advance(time);
        assertThat(world.aws.ssm().awaitScripts(LONG)).isTrue();
    }

    private void everyLookFor(Duration time, Runnable look) {
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(LOOK)) {
            pass(LOOK);
            look.run();
        }
    }

    private void throttle(String operation) {
        world.aws.faults().add(Fault.of(FaultKind.THROTTLE, operation));
    }

    /** Calls that were made, without the repetitions of the SDK itself. */
    private int calls(String operation) {
        return (int) world.aws.audit().entries().stream()
                .filter(entry -> entry.operation().equals(operation))
                .map(AuditEntry::invocationId)
                .distinct()
                .count();
    }

    private String ticket(DesiredState service, List<String> hosts) {
        return ((Reply.Given<String>) prober.begin(service, hosts, HEALTH)).value();
    }

    private <T> T given(Supplier<Reply<T>> ask) {
        return await().atMost(LONG)
                .until(
                        () -> {
                            pass(LOOK);
                            return ask.get() instanceof Reply.Given<T>(T value) ? value : null;
                        },
                        value -> value != null);
    }

    private void untilAllHaveAnswered() {
        await().atMost(LONG).until(() -> {
            pass(LOOK);
            return world.aws.ssm().commands(AwsWorld.REGION).commands().stream()
                    .flatMap(command -> command.instances().values().stream())
                    .allMatch("Success"::equals);
        });
    }

    @Test
    void roundsOfManyServicesAreAskedForNoMoreOftenThanThoseOfOne() {
        List<String> hosts = running(2);
        List<DesiredState> services = List.of(service("a"), service("b"), service("c"), service("d"));
        throttle("SendCommand");
        everyLookFor(
                Duration.ofMinutes(10),
                () -> services.forEach(service -> assertThat(prober.begin(service, hosts, HEALTH))
                        .isInstanceOfSatisfying(
                                Reply.NotNow.class,
                                held -> assertThat(held.before()).isAfter(world.clock.instant()))));
        assertThat(calls("SendCommand")).isBetween(5, 9);

        world.aws.faults().clear();
        pass(Duration.ofMinutes(3));
        services.forEach(service -> assertThat(ticket(service, hosts)).isNotEmpty());
    }

    @Test
    void nothingElseOfTheAccountIsHeldBack() {
        List<String> hosts = running(1);
        List<String> elsewhere = running(1, OTHER_REGION);
        world.aws.faults().add(Fault.of(FaultKind.THROTTLE, "SendCommand").inRegion(AwsWorld.REGION));
        everyLookFor(Duration.ofMinutes(5), () -> {
            assertThat(prober.begin(service("a"), hosts, HEALTH)).isInstanceOf(Reply.NotNow.class);
            assertThat(prober.begin(service("b", OTHER_REGION), elsewhere, HEALTH))
                    .isInstanceOf(Reply.Given.class);
            assertThat(session.instances(AwsWorld.REGION, "ec2:DescribeInstances", ec2 -> ec2.describeInstances()))
                    .isInstanceOf(AwsAnswer.Answered.class);
        });
    }

    @Test
    void aCommandOfARollIsSentAllTheSameAndEndsThePauseWhenItGoesThrough() {
        List<String> hosts = running(1);
        throttle("SendCommand");
        everyLookFor(Duration.ofMinutes(2), () -> prober.begin(service("a"), hosts, HEALTH));
        world.aws.faults().clear();
        assertThat(prober.begin(service("a"), hosts, HEALTH)).isInstanceOf(Reply.NotNow.class);

        assertThat(commands.send(
                        session, AwsWorld.REGION, hosts, "uid.1.1", List.of("true"), Duration.ofMinutes(1), List.of()))
                .isInstanceOf(AwsAnswer.Answered.class);
        assertThat(prober.begin(service("b"), hosts, HEALTH)).isInstanceOf(Reply.Given.class);
    }

    @Test
    void resultsThatCannotBeListedAreNoAnswersAndNothingMoreIsAskedMeanwhile() {
        List<String> hosts = running(2);
        String ticket = ticket(service("a"), hosts);
        untilAllHaveAnswered();
        throttle("ListCommandInvocations");
        everyLookFor(Duration.ofMinutes(10), () -> {
            assertThat(prober.answers(service("a"), ticket)).isInstanceOf(Reply.NotNow.class);
            assertThat(prober.begin(service("b"), hosts, HEALTH)).isInstanceOf(Reply.NotNow.class);
        });
        assertThat(calls("ListCommandInvocations")).isBetween(5, 9);
        assertThat(calls("SendCommand")).isEqualTo(1);

        world.aws.faults().clear();
        pass(Duration.ofMinutes(3));
        assertThat(given(() -> prober.answers(service("a"), ticket))).containsOnlyKeys(hosts);
    }

    @Test
    void resultsThatWereReadBeforeThrottlingAreNotReadAgain() {
        List<String> hosts = running(20);
        String ticket = ticket(service("a"), hosts);
        untilAllHaveAnswered();
        world.aws
                .faults()
                .add(Fault.of(FaultKind.THROTTLE, "GetCommandInvocation").startingAt(8));
        everyLookFor(
                Duration.ofMinutes(10),
                () -> assertThat(prober.answers(service("a"), ticket)).isInstanceOf(Reply.NotNow.class));
        assertThat(calls("GetCommandInvocation")).isBetween(7 + 5, 7 + 9);
        assertThat(calls("ListCommandInvocations")).isLessThan(10);

        world.aws.faults().clear();
        pass(Duration.ofMinutes(3));
        Map<String, List<Prober.Answer>> answers = given(() -> prober.answers(service("a"), ticket));
        assertThat(answers).containsOnlyKeys(hosts);
        assertThat(answers.values())
                .allSatisfy(answer -> assertThat(answer)
                        .singleElement()
                        .isInstanceOfSatisfying(
                                Prober.Answer.Response.class,
                                response -> assertThat(response.status()).isEqualTo(200)));
        assertThat(world.aws.audit().entries().stream()
                        .filter(entry -> entry.operation().equals("GetCommandInvocation") && entry.isOk()))
                .as("each of them once")
                .hasSize(20);
    }

    @Test
    void aCommandThatCannotBeLookedForIsNeitherThereNorAbsent() {
        List<String> hosts = running(1);
        Instant sent = world.clock.instant();
        String id = ((AwsAnswer.Answered<String>) commands.send(
                        session, AwsWorld.REGION, hosts, "uid.1.1", List.of("true"), Duration.ofMinutes(1), List.of()))
                .value();
        throttle("ListCommands");
        everyLookFor(
                Duration.ofMinutes(10),
                () -> assertThat(commands.find(session, AwsWorld.REGION, "uid.1.1", sent))
                        .isInstanceOfSatisfying(
                                Observed.Unknown.class,
                                unknown -> assertThat(unknown.failure()).isInstanceOf(Failure.Throttled.class)));
        assertThat(calls("ListCommands")).isBetween(5, 9);

        world.aws.faults().clear();
        pass(Duration.ofMinutes(3));
        assertThat(commands.find(session, AwsWorld.REGION, "uid.1.1", sent)).isEqualTo(new Observed.Present<>(id));
    }

    @Test
    void aHostThatIsAwayIsLeftOutAndTheOthersAreAsked() {
        List<String> hosts = running(4);
        String away = hosts.get(2);
        world.aws.ec2(AwsWorld.REGION).agentRemoved(away);
        String ticket = ticket(service("a"), hosts);
        assertThat(given(() -> prober.answers(service("a"), ticket)).keySet())
                .isEqualTo(Set.of(hosts.get(0), hosts.get(1), hosts.get(3)));
    }

    @Test
    void aDenialHoldsBackOnlyWhoeverItConcerns() {
        List<String> hosts = running(2);
        world.aws.ssm().commands(AwsWorld.REGION).deny(hosts.getFirst(), true);
        assertThat(prober.begin(service("a"), hosts.subList(0, 1), HEALTH))
                .isInstanceOfSatisfying(
                        Reply.NotNow.class,
                        held -> assertThat(held.before())
                                .isEqualTo(world.clock
                                        .instant()
                                        .plus(Timings.standard().steadyLook())));
        assertThat(prober.begin(service("b"), hosts.subList(1, 2), HEALTH)).isInstanceOf(Reply.Given.class);
    }
}
